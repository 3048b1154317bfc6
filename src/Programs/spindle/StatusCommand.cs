using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.DBus;

namespace Spindle.Programs;

/// <summary><c>spindle status</c>.</summary>
internal static class StatusCommand
{
    public static int Run(BusClient client, Surroundings surroundings, bool isJson)
    {
        BusValue manager = client.Ask("/", "net.connman.Manager", "GetProperties")[0];
        IReadOnlyList<BusValue> technologies = client.Ask("/", "net.connman.Manager", "GetTechnologies")[0].Items;
        ServiceEntry? first = client.Services().FirstOrDefault(static service => service.IsConnected);

        // ConnMan has no such interface; all else is the same.
        BusReply reply = client.TryAsk("/", "io.spindle.Daemon", "GetStatus");
        BusValue? daemon = reply.IsError ? null : reply.Values[0];
        if (isJson)
        {
            Print(surroundings, manager, technologies, first, daemon);
        }
        else
        {
            Show(surroundings, manager, technologies, first, daemon);
        }

        return ExitCode.Success;
    }

    private static void Print(
        Surroundings surroundings, BusValue manager, IReadOnlyList<BusValue> technologies, ServiceEntry? first, BusValue? daemon) =>
        Json.Print(surroundings.Output, isIndented: true, writer =>
        {
            writer.WriteStartObject();
            Json.Entries(writer, manager);
            foreach (BusValue entry in daemon?.Items ?? [])
            {
                // The manager's own word for the state stands already.
                if (entry.Items[0].TryGetString(out string? key) && !manager.TryGetEntry(key, out _))
                {
                    writer.WritePropertyName(key);
                    Json.Value(writer, entry.Items[1]);
                }
            }

            writer.WriteStartArray("Technologies");
            foreach (BusValue technology in technologies)
            {
                writer.WriteStartObject();
                writer.WritePropertyName("Path");
                Json.Value(writer, technology.Items[0]);
                Json.Entries(writer, technology.Items[1]);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WritePropertyName("Default");
            if (first is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                ServicesCommand.Write(writer, first);
            }

            writer.WriteEndObject();
        });

    private static void Show(
        Surroundings surroundings, BusValue manager, IReadOnlyList<BusValue> technologies, ServiceEntry? first, BusValue? daemon)
    {
        Table table = new();
        string state = Entry(manager, "State");
        table.Add("State", new Cell(state, Colours.OfState(state)));
        if (manager.TryGetEntry("OfflineMode", out BusValue? mode) && mode.TryGetBoolean(out bool isOffline) && isOffline)
        {
            table.Add("", new Cell("offline mode", Colour.Yellow));
        }

        if (first is not null)
        {
            table.Add("Default", $"{first.Name} on {first.Interface}, {string.Join(", ", first.Addresses())}");
        }

        foreach (BusValue technology in technologies)
        {
            BusValue properties = technology.Items[1];
            string connected = Entry(properties, "Connected") == "yes" ? "connected" : "not connected";
            table.Add(Entry(properties, "Name"), Entry(properties, "Powered") == "yes" ? connected : "off");
        }

        if (daemon is not null)
        {
            AddDaemon(table, daemon);
        }

        table.Write(surroundings.Output, surroundings.HasColours);
    }

    private static void AddDaemon(Table table, BusValue daemon)
    {
        string uptime = daemon.TryGetEntry("UptimeSeconds", out BusValue? value) && value.TryGetUInt64(out ulong seconds)
            ? Duration.Of(seconds)
            : "";
        table.Add("Daemon", $"spindled {Entry(daemon, "Version")}, process {Entry(daemon, "Pid")}, up {uptime}");
        string overruns = Entry(daemon, "Overruns");
        table.Add("Kernel", $"{Entry(daemon, "Links")} links, {Entry(daemon, "Addresses")} addresses, {Entry(daemon, "Routes")} routes, {overruns} overruns");
        if (daemon.TryGetEntry("Drops", out BusValue? drops))
        {
            string text = string.Join(", ", drops.Items.Where(static entry => Plain.Of(entry.Items[1]) != "0").Select(Plain.Of));
            table.Add("Dropped", text.Length > 0 ? text : "nothing");
        }
    }

    private static string Entry(BusValue dictionary, string key) =>
        dictionary.TryGetEntry(key, out BusValue? value) ? Plain.Of(value) : "";
}
