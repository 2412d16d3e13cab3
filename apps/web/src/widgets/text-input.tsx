import "./field.css";
import { FieldError, Input, Label, Text, TextArea, TextField } from "react-aria-components";

interface TextInputProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What is wrong with the value; null where nothing is. */
  readonly error?: string | null;
  readonly hint?: string;
  readonly type?: "text" | "password" | "search" | "number";
  readonly placeholder?: string;
  /** More than one: a field of so many lines. */
  readonly rows?: number;
  readonly autoFocus?: boolean;
  readonly id?: string;
}

/** A field with its label above, and below it what is wrong. */
export function TextInput({ label, error = null, hint, rows, placeholder, id, ...field }: TextInputProps) {
  const inner = {
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(id === undefined ? {} : { id }),
  };
  return (
    <TextField
      {...field}
      isInvalid={error !== null}
      // What is wrong is told; it keeps nobody from sending the form again.
      validationBehavior="aria"
      className="field"
      autoComplete="off"
    >
      <Label>{label}</Label>
      {rows === undefined ? (
        <Input {...inner} spellCheck="false" />
      ) : (
        <TextArea {...inner} rows={rows} spellCheck="false" />
      )}
      {hint === undefined ? null : <Text slot="description">{hint}</Text>}
      <FieldError>{error}</FieldError>
    </TextField>
  );
}
