using System;
using System.Threading;
using Spindle.DBus;
using Spindle.DBus.Libdbus;
using Spindle.DBus.Tests;
using Spindle.Kernels;
using Spindle.Loop;
using static Spindle.DBus.BusArgument;

namespace Spindle.Programs.Tests;

/// <summary>An owner of net.connman with three services, on a bus and a thread of its own.</summary>
internal sealed class FakeDaemon : IDisposable
{
    public const string Wired = "/net/connman/service/ethernet_020000000001_cable";

    private static readonly BusInterface<FakeDaemon> Manager = new BusInterface<FakeDaemon>("net.connman.Manager")
        .Method("GetProperties", [Out("properties", "a{sv}")], static (_, call) => call.Reply(static writer =>
        {
            writer.OpenArray();
            writer.Entry("State", "online");
            writer.Entry("OfflineMode", false);
            writer.CloseArray();
        }))
        .Method("GetTechnologies", [Out("technologies", "a(oa{sv})")], static (_, call) => call.Reply(static writer =>
        {
            writer.OpenArray();
            writer.OpenStruct();
            writer.WriteObjectPath("/net/connman/technology/ethernet");
            writer.OpenArray();
            writer.Entry("Name", "Wired");
            writer.Entry("Powered", true);
            writer.Entry("Connected", true);
            writer.CloseArray();
            writer.CloseStruct();
            writer.CloseArray();
        }))
        .Method("GetServices", [Out("services", "a(oa{sv})")], static (_, call) => call.Reply(static writer =>
        {
            writer.OpenArray();
            Service(writer, Wired, "Wired", "online", "eth0");
            Service(writer, Wired.Replace("01_", "02_", StringComparison.Ordinal), "Lab", "idle", "eth1");
            Service(writer, Wired.Replace("01_", "03_", StringComparison.Ordinal), "Lab", "failure", "eth2");
            writer.CloseArray();
        }))
        .Signal("PropertyChanged", In("name", "s"), In("value", "v"));

    private static readonly BusInterface<FakeDaemon> ServiceFace = new BusInterface<FakeDaemon>("net.connman.Service")
        .Method("GetProperties", [Out("properties", "a{sv}")], static (_, call) => call.Reply(static writer => Properties(writer, "Wired", "ready", "eth0")))
        .Method("Connect", [], static (_, call) => call.Error("net.connman.Error.AlreadyConnected", "Already connected"))
        .Method("Disconnect", [], static (_, call) => call.Error("net.connman.Error.NotSupported", "Not supported"));

    private static readonly BusInterface<FakeDaemon> Daemon = new BusInterface<FakeDaemon>("io.spindle.Daemon")
        .Method("GetStatus", [Out("status", "a{sv}")], static (_, call) => call.Reply(static writer =>
        {
            writer.OpenArray();
            writer.Entry("Version", "0.1.0");
            writer.Entry("Routes", 10_008u);
            writer.Entry("UptimeSeconds", 7265ul);
            writer.OpenEntry("Drops", "a{st}"u8);
            writer.OpenArray();
            writer.OpenEntry();
            writer.WriteString("dhcp");
            writer.WriteUInt64(3);
            writer.CloseEntry();
            writer.CloseArray();
            writer.CloseEntryVariant();
            writer.CloseArray();
        }));

    private readonly PrivateBus bus = new();
    private readonly Thread thread;
    private EventLoop? loop;
    private BusConnection? connection;

    public FakeDaemon(bool isSpindle = true)
    {
        using ManualResetEventSlim owned = new();
        thread = new Thread(() => Serve(isSpindle, owned)) { IsBackground = true };
        thread.Start();
        Assert.True(owned.Wait(TimeSpan.FromSeconds(30)));
    }

    public string Address => bus.Address;

    public void Say(string state) => loop!.Post(() => connection!.Signal(
        "/", "net.connman.Manager", "PropertyChanged", "sv", state, static (text, writer) =>
        {
            writer.WriteString("State");
            writer.WriteVariant(text);
        }));

    public void EndBus() => bus.End();

    public void Dispose()
    {
        loop!.Quit();
        thread.Join();
        bus.Dispose();
    }

    private void Serve(bool isSpindle, ManualResetEventSlim owned)
    {
        loop = new EventLoop(new LinuxKernel());
        ObjectTable objects = new(static () => "");
        objects.Add("/", this, isSpindle ? [Manager, Daemon] : [Manager]);
        objects.Add(Wired, this, ServiceFace);
        using (connection = new BusConnection(loop, new LibdbusTransport(loop, bus.Address), objects, "net.connman"))
        {
            connection.StateChanged += state =>
            {
                if (state == BusConnectionState.NameOwned)
                {
                    owned.Set();
                }
            };
            connection.Start();
            loop.Run();
        }

        loop.Dispose();
    }

    private static void Service(BusWriter writer, string path, string name, string state, string device)
    {
        writer.OpenStruct();
        writer.WriteObjectPath(path);
        Properties(writer, name, state, device);
        writer.CloseStruct();
    }

    private static void Properties(BusWriter writer, string name, string state, string device)
    {
        writer.OpenArray();
        writer.Entry("State", state);
        writer.Entry("Name", name);
        writer.OpenDictionary("Ethernet");
        writer.Entry("Interface", device);
        writer.Entry("MTU", (ushort)1500);
        writer.CloseDictionary();
        writer.OpenDictionary("IPv4");
        if (state is "online" or "ready")
        {
            writer.Entry("Address", "192.0.2.7");
            writer.Entry("Netmask", "255.255.255.0");
        }

        writer.CloseDictionary();
        writer.Entry("Nameservers", ["192.0.2.1"]);
        writer.CloseArray();
    }
}
