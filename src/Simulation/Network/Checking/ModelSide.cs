using System;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Simulation.Network.Checking;

/// <summary>The model's network. Nobody checks addresses for duplicates on it, as on the running kernel's.</summary>
internal sealed class ModelSide : NetlinkSide
{
    private readonly SimulatedMachine machine = new();
    private readonly RouteNetlinkSocket requests;
    private readonly RouteNetlinkSocket groups;
    private readonly byte[] buffer = new byte[1 << 16];

    public ModelSide()
    {
        machine.Network.Detection.IsOn = false;
        requests = Open();
        groups = Open();
        foreach (int group in NetlinkOptions.Groups)
        {
            NetlinkOptions.Set(groups, NetlinkOptions.AddMembership, group);
        }
    }

    public NetworkStack Network => machine.Network;

    protected override void SendRequest(byte[] message)
    {
        requests.Write(message);
        machine.AdvanceTo(machine.Monotonic.Now + TimeSpan.FromMilliseconds(1));
    }

    protected override ReadOnlySpan<byte> ReadReply() => Take(requests);

    protected override ReadOnlySpan<byte> ReadNotification(bool isExpected) => Take(groups);

    // The model has looked when it answers.
    protected override void LookAtLinks()
    {
    }

    private RouteNetlinkSocket Open()
    {
        RouteNetlinkSocket socket = new(machine);
        socket.BindTo(0, 0);
        NetlinkOptions.Prepare((option, value) => NetlinkOptions.Set(socket, option, value));
        NetlinkOptions.Set(socket, NetlinkOptions.ReceiveBuffer, NetlinkOptions.BufferOctets, NetlinkOptions.SocketLevel);
        return socket;
    }

    private ReadOnlySpan<byte> Take(RouteNetlinkSocket socket)
    {
        Result result = socket.Read(buffer);
        return result.IsOk ? buffer.AsSpan(0, result.Int) : default;
    }
}
