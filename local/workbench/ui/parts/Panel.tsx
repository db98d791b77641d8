import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { Button } from './Button.tsx';

interface Props {
  title: ReactNode;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  /** `side` comes in from the right and fills a narrow window; `middle` is for a short question. */
  place?: 'side' | 'middle';
}

/** Something to read or fill in over the page. */
export function Panel({ title, isOpen, onClose, children, place = 'side' }: Props) {
  return (
    <ModalOverlay
      className={`overlay overlay-${place}`}
      isOpen={isOpen}
      onOpenChange={(open) => open || onClose()}
      isDismissable
    >
      <Modal className={`modal modal-${place}`}>
        <Dialog className="dialog">
          <header className="dialog-head">
            <Heading slot="title">{title}</Heading>
            <Button look="quiet" icon aria-label="Close" slot="close">
              <X aria-hidden size={18} />
            </Button>
          </header>
          <div className="dialog-body">{children}</div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
