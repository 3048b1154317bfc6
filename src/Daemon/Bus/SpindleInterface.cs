using System.Collections.Generic;
using Spindle.DBus;

namespace Spindle.Daemon.Bus;

/// <summary>Figures about the daemon itself.</summary>
internal sealed record DaemonStatus(
    string Version,
    uint ProcessId,
    string State,
    ulong UptimeSeconds,
    uint Links,
    uint Addresses,
    uint Routes,
    uint Overruns,
    IReadOnlyList<(string Reason, ulong Count)> Drops);

/// <summary><c>io.spindle.Daemon</c>: figures to look at.</summary>
internal static class SpindleInterface
{
    public const string Name = "io.spindle.Daemon";

    public static BusInterface Instance { get; } = new BusInterface<RootObject>(Name)
        .Method(
            "GetStatus",
            [BusArgument.Out("status", "a{sv}")],
            static (it, call) => call.Reply(it.Status(), Write));

    private static void Write(DaemonStatus status, BusWriter writer)
    {
        writer.OpenArray();
        writer.Entry("Version", status.Version);
        writer.Entry("Pid", status.ProcessId);
        writer.Entry("State", status.State);
        writer.Entry("UptimeSeconds", status.UptimeSeconds);
        writer.Entry("Links", status.Links);
        writer.Entry("Addresses", status.Addresses);
        writer.Entry("Routes", status.Routes);
        writer.Entry("Overruns", status.Overruns);
        writer.OpenEntry("Drops", "a{st}"u8);
        writer.OpenArray();
        foreach ((string reason, ulong count) in status.Drops)
        {
            writer.OpenEntry();
            writer.WriteString(reason);
            writer.WriteUInt64(count);
            writer.CloseEntry();
        }

        writer.CloseArray();
        writer.CloseEntryVariant();
        writer.CloseArray();
    }
}
