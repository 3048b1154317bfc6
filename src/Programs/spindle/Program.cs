using System;
using System.IO;
using Spindle.DBus.Libdbus;

namespace Spindle.Programs;

/// <summary><c>spindle</c>: what the network does, for people and scripts.</summary>
public static class Program
{
    public static int Main(string[] args)
    {
        using StreamWriter output = new(Console.OpenStandardOutput(), bufferSize: 4096);
        using StreamWriter errors = new(Console.OpenStandardError(), bufferSize: 256) { AutoFlush = true };
        Surroundings surroundings = new()
        {
            Output = output,
            Errors = errors,
            BusAddress = LibdbusTransport.SystemBusAddress(Environment.GetEnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS")),
            HasColours = !Console.IsOutputRedirected
                && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
                && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"),
        };
        return CommandLine.Run(args, surroundings);
    }
}
