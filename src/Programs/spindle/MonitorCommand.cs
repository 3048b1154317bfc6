using System;
using System.Globalization;
using System.Linq;
using Spindle.DBus;

namespace Spindle.Programs;

/// <summary><c>spindle monitor</c>: each signal a line, from the moment it says that it listens.</summary>
internal sealed class MonitorCommand
{
    private readonly Surroundings surroundings;
    private readonly bool isJson;
    private string? owner;
    private bool isFirst = true;

    private MonitorCommand(Surroundings surroundings, bool isJson)
    {
        this.surroundings = surroundings;
        this.isJson = isJson;
    }

    public static int Run(BusClient client, Surroundings surroundings, bool isJson)
    {
        MonitorCommand monitor = new(surroundings, isJson);
        client.Connection.StateChanged += static state =>
        {
            if (state == BusConnectionState.Waiting)
            {
                throw new CommandException(ExitCode.NotRunning, "the bus went away");
            }
        };
        client.Connection.Subscribe(new BusMatch { Sender = BusClient.Daemon }, monitor.OnSignal);
        client.Connection.WatchName(BusClient.Daemon, monitor.OnOwner);
        client.Loop.Run();
        return ExitCode.Success;
    }

    private void OnOwner(string? now)
    {
        if (isFirst || now != owner)
        {
            string said = now is null ? "the daemon is not running" : "the daemon is there, listening";
            surroundings.Errors.WriteLine($"spindle: {said}");
        }

        isFirst = false;
        owner = now;
    }

    // Anybody may send us a signal with any content; only the daemon's are shown.
    private void OnSignal(BusReceivedSignal signal)
    {
        if (signal.Sender != owner || signal.Interface == BusConnection.BusName)
        {
            return;
        }

        DateTimeOffset now = DateTimeOffset.Now;
        if (isJson)
        {
            Print(signal, now);
        }
        else
        {
            Show(signal, now);
        }

        surroundings.Output.Flush();
    }

    private void Print(BusReceivedSignal signal, DateTimeOffset now) =>
        Json.Print(surroundings.Output, isIndented: false, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("Time", now);
            writer.WriteString("Path", signal.Path);
            writer.WriteString("Interface", signal.Interface);
            writer.WriteString("Member", signal.Member);
            writer.WriteStartArray("Arguments");
            foreach (BusValue value in signal.Values)
            {
                Json.Value(writer, value);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });

    private void Show(BusReceivedSignal signal, DateTimeOffset now)
    {
        Table table = new();
        string time = now.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        string who = signal.Path == "/" ? signal.Interface[(signal.Interface.LastIndexOf('.') + 1)..] : signal.Path[(signal.Path.LastIndexOf('/') + 1)..];
        bool isProperty = signal.Member == "PropertyChanged" && signal.Values.Count == 2;
        string what = isProperty
            ? $"{Plain.Of(signal.Values[0])} = {Plain.OrNothing(signal.Values[1])}"
            : $"{signal.Member} {string.Join("; ", signal.Values.Select(Plain.OrNothing))}";
        Colour colour = isProperty && Plain.Of(signal.Values[0]) == "State" ? Colours.OfState(Plain.Of(signal.Values[1])) : Colour.None;
        table.Add(new Cell(time, Colour.Faint), new Cell(who, Colour.Cyan), new Cell(what, colour));
        table.Write(surroundings.Output, surroundings.HasColours);
    }
}
