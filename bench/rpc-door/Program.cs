using System;
using System.Globalization;
using Spindle.Bench.Door;
using Spindle.Kernels;
using Spindle.LibvirtDoor;
using Spindle.Loop;

// spindle-bench-rpc-door SOCKET SLEEP_MS: the door with a table of procedures of its own; --without: the same loop, and no door.
using EventLoop loop = new(new LinuxKernel());
if (args is ["--without"])
{
    loop.Run();
    return 0;
}

if (args.Length != 2)
{
    return 2;
}

TimeSpan sleep = TimeSpan.FromMilliseconds(int.Parse(args[1], CultureInfo.InvariantCulture));
RpcDoor door = new(loop);
RpcServer server = new(door, "virtinterfaced", new RpcLimits());
server.Add(new BenchProgram(sleep));
Result listening = server.Listen(new UnixListenerOptions(args[0]), out _);
if (!listening.IsOk)
{
    Console.Error.WriteLine($"{args[0]}: {listening.Error}");
    return 1;
}

loop.Run();
return 0;
