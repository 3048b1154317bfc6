using System;
using Spindle.Bench.IoModels;
using Spindle.Loop;

// spindle-bench-io-models WAY: how the loop waits (epoll, poll, select, uring), or workers. 2: not a way we know.
string way = args.Length > 0 ? args[0] : "";
bool hasWorkers = way == "workers";
if (!Enum.TryParse(hasWorkers ? "Epoll" : way == "uring" ? "IoUring" : way, ignoreCase: true, out WaitingBy waiting))
{
    return 2;
}

new Server(waiting, hasWorkers).Run();
return 0;
