/** The body of an answer, as an object whose fields a test then looks at. */
export async function answerJson(answer: Response | Promise<Response>): Promise<Record<string, unknown>> {
  const body: unknown = await (await answer).json();
  if (typeof body !== "object" || body === null) throw new Error("the answer is no JSON object");
  return { ...body };
}

/** The `job_id` of an answer. */
export async function jobIdOf(answer: Response | Promise<Response>): Promise<string> {
  const { job_id: id } = await answerJson(answer);
  return String(id);
}
