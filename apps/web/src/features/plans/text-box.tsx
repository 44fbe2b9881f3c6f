"use client";

import { type ComponentProps, useEffect, useState } from "react";

/** A box that hands its text over when it is left or Enter is pressed, so that half a number is never a plan. */
export function TextBox({
  value,
  onValue,
  className,
  ...rest
}: Omit<ComponentProps<"input">, "value" | "onChange" | "onBlur" | "onKeyDown"> & {
  value: string;
  onValue: (value: string) => void;
}) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const give = () => {
    if (text.trim() !== value) onValue(text.trim());
  };
  return (
    <input
      type="text"
      autoComplete="off"
      spellCheck={false}
      className={`field !py-0.5 ${className ?? ""}`}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={give}
      onKeyDown={(event) => {
        if (event.key === "Enter") give();
      }}
      {...rest}
    />
  );
}
