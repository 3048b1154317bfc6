using System;
using System.Collections.Generic;
using Spindle.DBus;
using Spindle.Kernels;

namespace Spindle.Daemon.Bus;

/// <summary>What the Clock keeps: settings, since nothing sets the clock yet.</summary>
internal sealed class ClockObject(Kernel kernel, SignalSender signals, Action<ClockSettings> save, Action<IReadOnlyList<string>> timeservers)
{
    public ClockSettings Settings { get; private set; } = new("auto", "auto", []);

    public ulong Time => (ulong)(kernel.Now(ClockId.Realtime).Nanoseconds / 1_000_000_000);

    /// <summary>The zone that <c>/etc/localtime</c> points to; empty if it does not tell.</summary>
    public string Timezone
    {
        get
        {
            const string Root = "/zoneinfo/";
            return kernel.ReadLink("/etc/localtime", out string target).IsOk && target.Contains(Root)
                ? target[(target.IndexOf(Root, StringComparison.Ordinal) + Root.Length)..]
                : "";
        }
    }

    public void Load(ClockSettings settings) => Settings = settings;

    public void SetTimeUpdates(string value)
    {
        Settings = Settings with { TimeUpdates = value };
        signals.PropertyChanged(ManagerInterface.Path, ClockInterface.Name, "TimeUpdates", value);
        save(Settings);
    }

    public void SetTimezoneUpdates(string value)
    {
        Settings = Settings with { TimezoneUpdates = value };
        signals.PropertyChanged(ManagerInterface.Path, ClockInterface.Name, "TimezoneUpdates", value);
        save(Settings);
    }

    public void SetTimeservers(string[] value)
    {
        Settings = Settings with { Timeservers = value };
        signals.PropertyChanged(
            ManagerInterface.Path,
            ClockInterface.Name,
            "Timeservers",
            value,
            static (servers, writer) => writer.WriteVariant(servers));
        save(Settings);
        timeservers(value);
    }
}

/// <summary>What is stored for the Clock.</summary>
/// <param name="TimeUpdates">auto or manual.</param>
/// <param name="TimezoneUpdates">auto or manual.</param>
/// <param name="Timeservers">Global time servers.</param>
internal sealed record ClockSettings(string TimeUpdates, string TimezoneUpdates, IReadOnlyList<string> Timeservers);

/// <summary><c>net.connman.Clock</c>: what sets the clock and the zone is not here yet, and says so.</summary>
internal static class ClockInterface
{
    public const string Name = "net.connman.Clock";

    public static BusInterface Instance { get; } = new BusInterface<RootObject>(Name)
        .Method(
            "GetProperties",
            [BusArgument.Out("properties", "a{sv}")],
            static (it, call) => call.Reply(it.Clock, static (clock, writer) =>
            {
                writer.OpenArray();
                Write(clock, writer);
                writer.CloseArray();
            }))
        .Method(
            "SetProperty",
            [BusArgument.In("name", "s"), BusArgument.In("value", "v")],
            static (it, call) =>
            {
                call.Arguments[0].TryGetString(out string? name);
                Set(it.Clock, call, name ?? "", call.Arguments[1].Content);
            })
        .Signal("PropertyChanged", BusArgument.In("name", "s"), BusArgument.In("value", "v"))
        .WithProperties(
            static (it, writer) => Write(it.Clock, writer),
            static (it, call, name, value) => Set(it.Clock, call, name, value));

    private static void Write(ClockObject it, BusWriter writer)
    {
        writer.Entry("Time", it.Time);
        writer.Entry("TimeUpdates", it.Settings.TimeUpdates);
        if (it.Timezone is { Length: > 0 } zone)
        {
            writer.Entry("Timezone", zone);
        }

        writer.Entry("TimezoneUpdates", it.Settings.TimezoneUpdates);
        writer.Entry("Timeservers", it.Settings.Timeservers);
        writer.Entry("TimeserverSynced", false);
    }

    private static void Set(ClockObject it, BusCall call, string name, BusValue value)
    {
        string? text;
        switch (name)
        {
            case "Time" when value.TryGetUInt64(out _):
                Refuse(call, it.Settings.TimeUpdates == "auto");
                break;
            case "Timezone" when value.TryGetString(out _):
                Refuse(call, it.Settings.TimezoneUpdates == "auto");
                break;
            case "TimeUpdates" when value.TryGetString(out text) && text is "auto" or "manual":
                call.Reply();
                it.SetTimeUpdates(text);
                break;
            case "TimezoneUpdates" when value.TryGetString(out text) && text is "auto" or "manual":
                call.Reply();
                it.SetTimezoneUpdates(text);
                break;
            case "Timeservers" when value.TryGetStringArray(out string[]? servers) && servers.Length <= 64:
                call.Reply();
                it.SetTimeservers(servers);
                break;
            case "TimeserverSynced":
                call.PermissionDenied();
                break;
            case "Time" or "Timezone" or "TimeUpdates" or "TimezoneUpdates" or "Timeservers":
                call.InvalidArguments();
                break;
            default:
                call.InvalidProperty();
                break;
        }
    }

    private static void Refuse(BusCall call, bool isAutomatic)
    {
        if (isAutomatic)
        {
            call.PermissionDenied();
        }
        else
        {
            call.NotSupported();
        }
    }
}
