using System;
using Spindle.DBus;

namespace Spindle.Daemon.Tests.Libvirt;

/// <summary>Who is asked about is what main.conf said at the start, as for the sockets.</summary>
public sealed class PolicyKitReloadTests
{
    private readonly DoorWorld world = new();
    private readonly BusWriter writer = new();
    private uint serial;
    private int questions;

    [Fact]
    public void Who_comes_by_policykit_is_asked_about_although_main_conf_wants_it_otherwise_from_the_next_start_on()
    {
        world.Start();
        world.Bus.Peer = OnSent;
        Assert.True(world.Until(() => world.Daemon.Bus.IsConnected, TimeSpan.FromMinutes(5)));
        Assert.False(Somebody(DoorWorld.Socket).Call(70).IsError);
        world.Write("/etc/connman/main.conf", DoorWorld.On + "auth_unix_rw=none\nauth_unix_ro=sasl\n");
        world.Daemon.Reload();
        Assert.False(Somebody(DoorWorld.Socket).Call(70).IsError);
        Assert.False(Somebody(DoorWorld.Socket + "-ro").Call(70).IsError);
        Assert.Equal(3, questions);
    }

    // PolicyKit is told when the process started, which is in /proc.
    private RpcTestClient Somebody(string path)
    {
        RpcTestClient client = new(world, path, user: 1000);
        world.Machine.Show($"/proc/{client.ProcessId}/stat", "7 (a) S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 1 2");
        return client;
    }

    // Every name is ours, and PolicyKit says yes.
    private void OnSent(ReadOnlySpan<byte> octets)
    {
        Assert.True(BusMessageView.TryParse(octets, out BusMessageView message));
        switch (BusText.Read(message.Member))
        {
            case "Hello":
                Answer(message.Serial, "s", static w => w.WriteString(":1.1"));
                break;
            case "RequestName":
                Answer(message.Serial, "u", static w => w.WriteUInt32(1));
                break;
            case "CheckAuthorization":
                questions++;
                Answer(message.Serial, "(bba{ss})", static w =>
                {
                    w.OpenStruct();
                    w.WriteBoolean(true);
                    w.WriteBoolean(false);
                    w.OpenArray();
                    w.CloseArray();
                    w.CloseStruct();
                });
                break;
            default:
                break;
        }
    }

    private void Answer(uint to, string signature, Action<BusWriter> body)
    {
        writer.Begin(new BusHeader
        {
            Kind = BusMessageKind.MethodReturn, Serial = ++serial, ReplySerial = to, Sender = BusConnection.BusName, Signature = signature,
        });
        body(writer);
        world.Bus.Deliver(writer.Finish());
    }
}
