using System;
using System.Globalization;
using Spindle.Bench.Rpc;
using Spindle.Protocols.LibvirtRpc;

// spindle-bench-rpc WORK SOCKET PID URI [NUMBER…]: figures of the daemon PID behind SOCKET, a line each: key, value.
//   calls CLIENTS MS | deep DEPTH MS | worker CLIENTS MS | idle CLIENTS MS | list CLIENTS MS | burst CALLS | memory [NAME [MS]] | exactly PROCEDURE CALLS
if (args.Length < 4)
{
    return 2;
}

int Number(int index) => int.Parse(args[index], CultureInfo.InvariantCulture);
TimeSpan Milliseconds(int index) => TimeSpan.FromMilliseconds(Number(index));
Bench bench = new(args[1], Number(2), args[3]);
switch (args[0])
{
    case "calls":
        Works.Calls(bench, $"calls_{args[4]}", RemoteProcedure.ConnectGetHostname, Number(4), 1, Milliseconds(5));
        break;
    case "deep":
        Works.Calls(bench, "deep", RemoteProcedure.ConnectGetHostname, 1, Number(4), Milliseconds(5));
        break;
    case "worker": // the benchmark's door has a worker answer this one
        Works.Calls(bench, $"worker_{args[4]}", RemoteProcedure.ConnectGetUri, Number(4), 1, Milliseconds(5));
        break;
    case "idle":
        Works.Idle(bench, Number(4), Milliseconds(5));
        break;
    case "list":
        Works.List(bench, Number(4), Milliseconds(5));
        break;
    case "burst":
        Works.Burst(bench, Number(4));
        break;
    case "memory":
        Works.Memory(bench, args.Length > 4 ? args[4] : "", args.Length > 5 ? Milliseconds(5) : Works.Settle);
        break;
    case "exactly":
        Works.Exactly(bench, (RemoteProcedure)Number(4), Number(5));
        break;
    default:
        return 2;
}

return 0;
