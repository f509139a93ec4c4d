/**
 * By this header a browser asks for its refresh token in a cookie that no script can read, instead of in the body.
 * In a file without schemas: the web app needs it for its first view, and the schema library is a twelfth of that.
 */
export const cookieSession = { header: "x-taskflow-session", value: "cookie" } as const;
