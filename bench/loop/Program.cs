using System;
using System.Globalization;
using System.Threading.Tasks;
using Spindle.Bench.Loop;
using Spindle.Loop;

// spindle-bench-loop [--WAY] WORK [NUMBER…]: one figure of ours, as the C peers print theirs. 2: not a work that we know, or not
// in this way. WAY: uring, poll or select, and edge or await, joined by a hyphen; or dotnet.
string way = "";
if (args.Length > 0 && args[0].StartsWith("--", StringComparison.Ordinal))
{
    way = args[0][2..];
    args = args[1..];
}

int Number(int index) => int.Parse(args[index], CultureInfo.InvariantCulture);
string work = args.Length == 0 ? "" : args[0];
if (way == "dotnet")
{
    return work == "echo" ? await Dotnet() : 2;
}

if (!TakeWay())
{
    return 2;
}

switch (work)
{
    case "chain":
        new Chain().Run(Number(1), Number(2));
        break;
    case "floor":
        Floor.Run();
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
    case "echo" when Bench.IsAwaiting:
        new AwaitedEcho(Number(1)).Run();
        break;
    case "echo":
        new Echo(Number(1)).Run();
        break;
    case "allocations":
        Allocations.Run();
        break;
    default:
        return 2;
}

return 0;

// await and edge are ways only for what waits for descriptors.
bool TakeWay()
{
    bool isForDescriptors = work is "chain" or "turn" or "echo";
    foreach (string part in way.Split('-', StringSplitOptions.RemoveEmptyEntries))
    {
        switch (part)
        {
            case "await" when isForDescriptors:
                Bench.IsAwaiting = true;
                break;
            case "edge" when isForDescriptors && work != "echo":
                Bench.Trigger = FdTrigger.Edge;
                break;
            default:
                if (!isForDescriptors || !Enum.TryParse(part == "uring" ? "IoUring" : part, ignoreCase: true, out WaitingBy waiting))
                {
                    return false;
                }

                Bench.Waiting = waiting;
                break;
        }
    }

    return true;
}

async Task<int> Dotnet()
{
    await new DotnetEcho(Number(1)).RunAsync();
    return 0;
}
