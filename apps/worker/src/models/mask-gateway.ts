import type { SecretMask } from "@longshore/shared/domain/secret-mask";
import type { ModelGateway } from "./create-model-gateway.ts";

/** The gateway of a Job with secrets: no provider is sent one, wherever the caller or a Step has put it. */
export function maskGateway(gateway: ModelGateway, mask: SecretMask): ModelGateway {
  if (mask.isEmpty) return gateway;
  return {
    ...gateway,
    plan: (turn, signal) => {
      const { prompt, files } = turn.analysis;
      // The history is masked where it comes from: what a Step printed, by its lines.
      const analysis = { ...turn.analysis, ...mask.within({ prompt, files }) };
      return gateway.plan({ ...turn, analysis }, signal);
    },
  };
}
