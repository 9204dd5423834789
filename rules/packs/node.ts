// The releases of the pack "node": everything that reports on TypeScript. Replayed in order they say what runs and how loudly.

import { asyncHandlerNoResponse } from "../grpc/async-handler-no-response.ts";
import { callWithoutDeadline } from "../grpc/call-without-deadline.ts";
import { clientWithoutKeepalive } from "../grpc/client-without-keepalive.ts";
import { clientNotReleased } from "../db/client-not-released.ts";
import { poolTransaction } from "../db/pool-transaction.ts";
import { queryOutsideTransaction } from "../db/query-outside-transaction.ts";
import { unboundedWait } from "../db/unbounded-wait.ts";
import { deadlineInMetadata } from "../grpc/deadline-in-metadata.ts";
import { deadlineNotPropagated } from "../grpc/deadline-not-propagated.ts";
import { abortedSignalMissed } from "../context/aborted-signal-missed.ts";
import { messageSizeUnbounded } from "../grpc/message-size-unbounded.ts";
import { detachedController } from "../context/detached-controller.ts";
import { signalNotForwarded } from "../context/signal-not-forwarded.ts";
import { batchWithoutHeartbeat } from "../kafka/batch-without-heartbeat.ts";
import { handlerExceedsSession } from "../kafka/handler-exceeds-session.ts";
import { commitBeforeProcessing } from "../kafka/commit-before-processing.ts";
import { clientPerRequest } from "../lifecycle/client-per-request.ts";
import { errorEventUnhandled } from "../lifecycle/error-event-unhandled.ts";
import { noGracefulShutdown } from "../lifecycle/no-graceful-shutdown.ts";
import { errorDropped } from "../log/error-dropped.ts";
import { noTraceContext } from "../log/no-trace-context.ts";
import { unsampledHotPath } from "../log/unsampled-hot-path.ts";
import { highCardinalityLabel } from "../metric/high-cardinality-label.ts";
import { etcdLeaseLossUnhandled } from "../registry/etcd-lease-loss-unhandled.ts";
import { heartbeatTooSlow } from "../registry/heartbeat-too-slow.ts";
import { instanceIdNotUnique } from "../registry/instance-id-not-unique.ts";
import { serverTimeoutExceedsTtl } from "../registry/server-timeout-exceeds-ttl.ts";
import { noBackoff } from "../retry/no-backoff.ts";
import { httpCallWithoutTimeout } from "../timeout/http-call-without-timeout.ts";
import { keepaliveBelowLbIdle } from "../timeout/keepalive-below-lb-idle.ts";
import { optionWithoutEffect } from "../timeout/option-without-effect.ts";
import { raceWithoutCancel } from "../timeout/race-without-cancel.ts";
import { timerNotCleared } from "../timeout/timer-not-cleared.ts";
import { alwaysOnSampling } from "../trace/always-on-sampling.ts";
import { spanNotEnded } from "../trace/span-not-ended.ts";
import { socketErrorUnhandled } from "../ws/socket-error-unhandled.ts";
import { processLocalState } from "../state/process-local-state.ts";
import { envNotProvided } from "../config/env-not-provided.ts";
import { livenessChecksDependencies } from "../lifecycle/liveness-checks-dependencies.ts";
import { budgetInversion } from "../timeout/budget-inversion.ts";
import type { Pack } from "../../engine/types.ts";

export const node: Pack = {
  name: "node",
  title: "Node.js services",
  appliesTo: { npm: { node: ">=18" } },
  releases: [
    {
      version: "1.0.0",
      date: "2026-11-21",
      why: "First release.",
      grades: [
        [serverTimeoutExceedsTtl, { default: "warning", implicit: "info" }],
        [unsampledHotPath, { default: "warning", item: "info", payload: "info", quiet: "hint", script: "off" }],
        [detachedController, { default: "warning", script: "info" }],
        [abortedSignalMissed, { default: "warning", script: "info" }],
        [signalNotForwarded, { default: "warning", threaded: "info", script: "info" }],
        [etcdLeaseLossUnhandled, { default: "error", watcher: "warning", campaign: "warning", logged: "info", script: "info" }],
        [instanceIdNotUnique, { default: "warning", replicated: "error", address: "warning", undeployed: "info", script: "info" }],
        [heartbeatTooSlow, { default: "warning", beyond: "error", implicit: "info", unrenewed: "warning" }],
        [asyncHandlerNoResponse, { default: "error", elsewhere: "warning", script: "warning" }],
        [callWithoutDeadline, { default: "warning", watch: "info", "no-effect": "error", script: "info" }],
        [callWithoutDeadline, { default: "error", watch: "info", "no-effect": "error", script: "info" }, "strict"],
        [deadlineInMetadata, { default: "error", timeout: "warning", script: "warning" }],
        [deadlineNotPropagated, { default: "warning", script: "info" }],
        [messageSizeUnbounded, { default: "warning", connect: "info", script: "info" }],
        [clientWithoutKeepalive, { default: "info", "too-small": "warning", "idle-pings": "warning", "slow-timeout": "info", script: "info" }],
        [httpCallWithoutTimeout, { default: "warning", bounded: "warning", streaming: "info", preset: "info", wrapper: "info", script: "info" }],
        [httpCallWithoutTimeout, { default: "error", bounded: "warning", streaming: "info", preset: "info", wrapper: "info", script: "info" }, "strict"],
        [keepaliveBelowLbIdle, { default: "warning", "thin-margin": "info", "headers-above-request": "warning", unlinked: "info", script: "off" }],
        [raceWithoutCancel, { default: "warning", given: "info", timer: "hint", script: "info" }],
        [timerNotCleared, { default: "warning", never: "warning", loose: "info", script: "info" }],
        [optionWithoutEffect, { default: "error", unproven: "info", script: "warning" }],
        [poolTransaction, { default: "error", script: "warning" }],
        [queryOutsideTransaction, { default: "error", read: "warning", script: "warning" }],
        [unboundedWait, { default: "warning", env: "info", client: "warning", knex: "info", slonik: "info", script: "info" }],
        [clientNotReleased, { default: "error", path: "error", throw: "warning", finally: "warning", "before-try": "info", script: "info" }],
        [batchWithoutHeartbeat, { default: "warning", unit: "error", script: "info" }],
        [handlerExceedsSession, { default: "warning", script: "info" }],
        [commitBeforeProcessing, { default: "error", swallowed: "warning", detached: "info", script: "info" }],
        [errorDropped, { default: "error", fields: "warning", format: "error", stringify: "warning", text: "info", script: "info" }],
        [noTraceContext, { default: "warning", unpatched: "warning", script: "off" }],
        [highCardinalityLabel, { default: "error", other: "warning", configured: "warning", script: "info" }],
        [highCardinalityLabel, { default: "error", other: "warning", tenant: "info", configured: "warning", script: "info" }, "strict"],
        [alwaysOnSampling, { default: "warning", unparented: "warning", implicit: "info", undeployed: "hint", script: "off" }],
        [noBackoff, { default: "warning", loop: "warning", helper: "info", endless: "error", unbounded: "info", constant: "info", script: "info" }],
        [spanNotEnded, { default: "error", path: "warning", throw: "warning", call: "info", finally: "info", script: "info" }],
        [errorEventUnhandled, { default: "error", short: "info", request: "warning", process: "warning", tool: "info", statsd: "warning", printed: "info", script: "off" }],
        [noGracefulShutdown, { default: "warning", hooks: "error", undeployed: "info", script: "off" }],
        [clientPerRequest, { default: "error", other: "warning", closed: "warning", brief: "info", given: "info", own: "info", script: "off" }],
        [socketErrorUnhandled, { default: "error", script: "off" }],
        [processLocalState, { default: "warning", sessions: "warning", limits: "warning", script: "off" }],
      ],
    },
    {
      version: "1.0.1",
      date: "2026-11-21",
      why: "fetch and undici end by themselves after 300 s: of such calls in real services one in three mattered, so they are an info; calls that wait forever still warn.",
      grades: [
        [httpCallWithoutTimeout, { default: "warning", bounded: "info", streaming: "info", preset: "info", wrapper: "info", script: "info" }],
        [httpCallWithoutTimeout, { default: "error", bounded: "warning", streaming: "info", preset: "info", wrapper: "info", script: "info" }, "strict"],
      ],
    },
    {
      version: "1.1.0",
      date: "2026-11-21",
      why: "What code asks of the manifests that deploy it: environment variables, what a liveness probe checks, and time budgets along calls. A log line per job is an info: jobs take seconds, and their lines are read one by one. An error under a key without serializer is an info, and a warning in strict: of nine such findings in real services five were no loss that anybody missed.",
      grades: [
        [envNotProvided, { default: "warning", schema: "error", slip: "error", cast: "info", empty: "info", script: "off" }],
        [livenessChecksDependencies, { default: "warning", named: "warning", script: "off" }],
        [errorDropped, { default: "error", key: "info", fields: "warning", format: "error", stringify: "warning", text: "info", script: "info" }],
        [errorDropped, { default: "error", key: "warning", fields: "warning", format: "error", stringify: "warning", text: "info", script: "info" }, "strict"],
        [unsampledHotPath, { default: "warning", job: "info", item: "info", payload: "info", quiet: "hint", script: "off" }],
        [budgetInversion, { default: "warning", sum: "warning", mesh: "info", script: "off" }],
      ],
    },
  ],
};
