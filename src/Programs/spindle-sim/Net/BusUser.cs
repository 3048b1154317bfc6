using System;
using Spindle.Basics;
using Spindle.DBus;
using Spindle.Simulation.World;

namespace Spindle.Programs.Net;

/// <summary>Somebody at a front end: looks, connects, disconnects, reconfigures, and changes their mind.</summary>
internal sealed class BusUser
{
    private const string Manager = "net.connman.Manager";
    private const string Service = "net.connman.Service";
    private const string Technology = "net.connman.Technology";
    private static readonly TimeSpan SignalsGathered = TimeSpan.FromSeconds(1);

    private const string Ethernet = "/net/connman/technology/ethernet";

    private readonly SimulatedBus bus;
    private readonly Action<TimeSpan, Action> later;
    private readonly Action<string> violated;
    private bool isSeeing;

    public BusUser(SimulatedBus bus, Action<TimeSpan, Action> later, Action<string> violated)
    {
        this.bus = bus;
        this.later = later;
        this.violated = violated;
        bus.Signalled = (path, face, member, values) => Mirror.Hear(path, face, member, values);
        bus.OwnerChanged = isOwned =>
        {
            Mirror.Clear();
            isSeeing = false;
            if (isOwned)
            {
                See();
            }
        };
    }

    /// <summary>What this user knows by listening.</summary>
    public BusMirror Mirror { get; } = new();

    /// <summary>The user gives a service this address by hand.</summary>
    public Action<IpAddress>? Configures { get; init; }

    /// <summary>Asks for the services, and holds the answer against what the signals said. Signals of the order are gathered
    /// for a moment, so a difference counts if it is there a second later, too.</summary>
    public void Look() => Ask(_ => later(SignalsGathered, () => Ask(difference =>
        violated("a front end that listens knows something else than one that asks: " + difference))));

    /// <summary>Does something that a user may do at any time.</summary>
    /// <returns>What, for the trace.</returns>
    public string Act(Choices choices)
    {
        string path = Mirror.Order.Count == 0 ? "/net/connman/service/none" : Mirror.Order[(int)choices.NextBelow((uint)Mirror.Order.Count)];
        switch (choices.NextBelow(16))
        {
            case 0 or 1 or 2:
                return Tell(path, Service, "Connect");
            case 3 or 4:
                return Tell(path, Service, "Disconnect");
            case 5:
                return Tell(path, Service, "Remove");
            case 6:
                return SetIpv4(path, choices, choices.NextBelow(4));
            case 7:
                return SetIpv6(path, choices, choices.NextBelow(3));
            case 8:
                return Set(path, Service, "AutoConnect", "b", isOn => isOn.WriteBoolean(choices.NextBelow(2) == 0));
            case 9:
                return Set(path, Service, "Nameservers.Configuration", "as", writer => WriteServers(writer, choices));
            case 10:
                return Set(Ethernet, Technology, "Powered", "b", isOn => isOn.WriteBoolean(choices.NextBelow(3) != 0));
            case 11:
                return Set("/", Manager, "OfflineMode", "b", isOn => isOn.WriteBoolean(choices.NextBelow(4) == 0));
            case 12 when Mirror.Order.Count > 1:
                return Move(path, Mirror.Order[(int)choices.NextBelow((uint)Mirror.Order.Count)]);
            default:
                Look();
                return "GetServices";
        }
    }

    /// <summary>Puts everything back to how it comes, so that a network that works must come online.</summary>
    public void Restore()
    {
        Set("/", Manager, "OfflineMode", "b", static writer => writer.WriteBoolean(false));
        Set(Ethernet, Technology, "Powered", "b", static writer => writer.WriteBoolean(true));
        foreach (string path in Mirror.Order)
        {
            SetIpv4(path, null, 0);
            SetIpv6(path, null, 0);
            Set(path, Service, "AutoConnect", "b", static writer => writer.WriteBoolean(true));
            Set(path, Service, "Nameservers.Configuration", "as", static writer =>
            {
                writer.OpenArray();
                writer.CloseArray();
            });
            Tell(path, Service, "Connect");
        }
    }

    private void Ask(Action<string> differs) => bus.Call("/", Manager, "GetServices", "", null, answer =>
    {
        if (answer.IsGood && isSeeing && Mirror.Difference(answer.Values) is { } difference)
        {
            differs(difference);
        }
    });

    private void See() => bus.Call("/", Manager, "GetServices", "", null, answer =>
    {
        if (answer.IsGood)
        {
            Mirror.Take(answer.Values);
            isSeeing = true;
        }
    });

    private string Tell(string path, string face, string member)
    {
        bus.Call(path, face, member, "", null, static _ => { });
        return $"{member} {path}";
    }

    private string Move(string path, string other)
    {
        bus.Call(path, Service, "MoveBefore", "o", writer => writer.WriteObjectPath(other), static _ => { });
        return $"MoveBefore {path} {other}";
    }

    private string SetIpv4(string path, Choices? choices, uint method) => Set(path, Service, "IPv4.Configuration", "a{sv}", writer =>
    {
        writer.OpenArray();
        writer.Entry("Method", method switch { 0 => "dhcp", 1 => "off", _ => "manual" });
        if (method >= 2 && choices is not null)
        {
            IpAddress address = IpAddress.FromV4(0x0A4D_0001 + choices.NextBelow(254));
            Configures?.Invoke(address);
            writer.Entry("Address", address.ToString());
            writer.Entry("Netmask", "255.255.255.0");
            writer.Entry("Gateway", method == 2 ? "10.77.0.254" : "10.78.0.1");
        }

        writer.CloseArray();
    });

    private string SetIpv6(string path, Choices? choices, uint method) => Set(path, Service, "IPv6.Configuration", "a{sv}", writer =>
    {
        writer.OpenArray();
        writer.Entry("Method", method switch { 0 => "auto", 1 => "off", _ => "manual" });
        writer.Entry("Privacy", choices is null ? "disabled" : choices.Pick(["disabled", "enabled", "prefered"]));
        if (method == 2 && choices is not null)
        {
            writer.Entry("Address", $"fd00:77::{1 + choices.NextBelow(0xffff):x}");
            writer.Entry("PrefixLength", (byte)64);
            writer.Entry("Gateway", "fd00:77::ffff");
        }

        writer.CloseArray();
    });

    private static void WriteServers(BusWriter writer, Choices choices)
    {
        writer.OpenArray();
        for (uint left = choices.NextBelow(3); left > 0; left--)
        {
            writer.WriteString($"10.77.0.{1 + choices.NextBelow(254)}");
        }

        writer.CloseArray();
    }

    private string Set(string path, string face, string name, string signature, Action<BusWriter> value)
    {
        bus.Call(
            path,
            face,
            "SetProperty",
            "sv",
            writer =>
            {
                writer.WriteString(name);
                writer.OpenVariant(System.Text.Encoding.ASCII.GetBytes(signature));
                value(writer);
                writer.CloseVariant();
            },
            static _ => { });
        return $"{name} of {path}";
    }
}
