using System;
using System.Globalization;
using Spindle.Bench.Loop;
using Spindle.Loop;

// spindle-bench-loop WORK [NUMBER…]: one figure of ours, as the C peers print theirs. 2: not a work we know.
int Number(int index) => int.Parse(args[index], CultureInfo.InvariantCulture);

switch (args.Length == 0 ? "" : args[0])
{
    case "chain":
        new Chain().Run(Number(1), Number(2));
        break;
    case "turn":
        new Chain().RunTurns(Number(1));
        break;
    case "timers":
        new Timers().Run(Number(1));
        break;
    case "churn":
        new Timers().Churn(Number(1));
        break;
    case "overshoot":
        new Timers().Overshoot();
        break;
    case "flood":
        new Posts().Flood(Number(1));
        break;
    case "roundtrip":
        new Posts().RoundTrip(Number(1));
        break;
    case "allocations":
        Allocations.Run();
        break;
    case "idle":
        GC.KeepAlive(new EventLoop(Bench.Kernel));
        return LibC.Pause();
    default:
        return 2;
}

return 0;
