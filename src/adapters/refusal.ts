/**
 * Why TaskFlow does not start or go on: one plain sentence for the person who started it. Printed without a stack; exit
 * code 1.
 */
export class Refusal extends Error {
  override readonly name = "Refusal";
}
