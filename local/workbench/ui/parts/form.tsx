import { Check, ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  Checkbox as AriaCheckbox,
  Select as AriaSelect,
  Switch as AriaSwitch,
  TextField as AriaTextField,
  Button,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
  type SwitchProps,
  Text,
  TextArea,
  type TextFieldProps,
} from 'react-aria-components';

interface TextProps extends TextFieldProps {
  label: string;
  help?: ReactNode;
  placeholder?: string;
  rows?: number;
}

/** A line, or with `rows` some lines, of text. */
export function TextField({ label, help, placeholder, rows, ...props }: TextProps) {
  return (
    <AriaTextField {...props} className="field">
      <Label className="label">{label}</Label>
      {rows ? (
        <TextArea className="input" rows={rows} placeholder={placeholder} />
      ) : (
        <Input className="input" placeholder={placeholder} />
      )}
      {help && (
        <Text slot="description" className="help">
          {help}
        </Text>
      )}
      <FieldError className="field-error" />
    </AriaTextField>
  );
}

interface Option {
  value: string;
  label: string;
}

interface SelectProps {
  label: string;
  options: Option[];
  value: string | null;
  onChange: (value: string) => void;
  hideLabel?: boolean;
  help?: ReactNode;
  isDisabled?: boolean;
}

/** One of a few, from a list that opens. */
export function Select({
  label,
  options,
  value,
  onChange,
  hideLabel = false,
  help,
  isDisabled,
}: SelectProps) {
  return (
    <AriaSelect
      className="field"
      value={value}
      isDisabled={isDisabled}
      onChange={(key) => onChange(String(key))}
      placeholder="Choose"
    >
      <Label className={hideLabel ? 'unseen' : 'label'}>{label}</Label>
      <Button className="input select">
        <SelectValue />
        <ChevronDown aria-hidden size={16} />
      </Button>
      {help && (
        <Text slot="description" className="help">
          {help}
        </Text>
      )}
      <Popover className="popover">
        <ListBox className="listbox" items={options}>
          {(option) => (
            <ListBoxItem className="option" id={option.value} textValue={option.label}>
              {({ isSelected }) => (
                <>
                  <span>{option.label}</span>
                  {isSelected && <Check aria-hidden size={16} />}
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

/** On or off, at once. */
export function Switch({ children, ...props }: SwitchProps & { children: ReactNode }) {
  return (
    <AriaSwitch {...props} className="switch">
      <span className="switch-track" aria-hidden>
        <span className="switch-thumb" />
      </span>
      <span>{children}</span>
    </AriaSwitch>
  );
}

/** Done or not. */
export function Checkbox({
  children,
  isSelected,
  onChange,
}: {
  children: ReactNode;
  isSelected: boolean;
  onChange: (on: boolean) => void;
}) {
  return (
    <AriaCheckbox className="checkbox" isSelected={isSelected} onChange={onChange}>
      <span className="checkbox-box" aria-hidden>
        <Check size={12} />
      </span>
      <span>{children}</span>
    </AriaCheckbox>
  );
}
