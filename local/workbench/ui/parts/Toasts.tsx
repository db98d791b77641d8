import { CircleAlert, CircleCheck, X } from 'lucide-react';
import {
  Text,
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components';
import { Button } from './Button.tsx';
import { toasts } from './toast.ts';

/** The corner where things are said in passing. */
export function Toasts() {
  return (
    <ToastRegion queue={toasts} className="toasts">
      {({ toast }) => (
        <Toast toast={toast} className={`toast toast-${toast.content.kind}`}>
          {toast.content.kind === 'done' ? (
            <CircleCheck aria-hidden size={18} />
          ) : (
            <CircleAlert aria-hidden size={18} />
          )}
          <ToastContent>
            <Text slot="title">{toast.content.text}</Text>
          </ToastContent>
          <Button look="quiet" icon aria-label="Put away" slot="close">
            <X aria-hidden size={16} />
          </Button>
        </Toast>
      )}
    </ToastRegion>
  );
}
