/** The kinds of errors that Zapier tells apart. */
export interface Errors {
  Error: new (message: string, code?: string, status?: number) => Error;
  HaltedError: new (message: string) => Error;
  ThrottledError: new (message: string, delaySeconds?: number) => Error;
  ExpiredAuthError: new (message: string) => Error;
}

class PlainError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** Errors of the same names, for what runs beside Zapier. */
export const plainErrors: Errors = {
  Error: class AppError extends PlainError {},
  HaltedError: class HaltedError extends PlainError {},
  ThrottledError: class ThrottledError extends PlainError {},
  ExpiredAuthError: class ExpiredAuthError extends PlainError {},
};
