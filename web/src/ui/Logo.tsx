import type { ReactElement } from "react";

/** The mark. */
export const Logo = ({ size = 24 }: { readonly size?: number }): ReactElement => (
  <svg width={size} height={size} viewBox="0 0 512 512" aria-hidden>
    <rect width="512" height="512" rx="116" fill="#4f46e5" />
    <path
      d="M146 262l76 76 144-164"
      fill="none"
      stroke="#fff"
      strokeWidth="44"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </svg>
);
