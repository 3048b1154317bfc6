using System;
using System.Collections.Generic;
using Spindle.LibvirtDoor;
using Spindle.Protocols.InterfaceXml;
using Spindle.Protocols.LibvirtRpc;
using Spindle.Protocols.LibvirtRpc.Remote;
using Spindle.Protocols.Rtnetlink;

namespace Spindle.Daemon.Libvirt;

/// <summary>Tells clients that want to hear it of links that come, go and change. On the loop; costs nothing while nobody listens.</summary>
internal sealed class NodeDeviceEvents(RtnetlinkMirror mirror)
{
    private readonly List<(RpcClient Client, RemoteConnection Connection)> listeners = [];
    private readonly Dictionary<int, string> names = [];
    private readonly XdrWriter writer = new();

    /// <summary>Clients that listen.</summary>
    public int ListenerCount => listeners.Count;

    /// <summary>A client wants to hear of events.</summary>
    /// <returns>The number of its wish; null if it has too many.</returns>
    public int? Register(RpcClient client, RemoteConnection connection, NodeDeviceEventRegisterArguments wish)
    {
        if (connection.Callbacks.Count >= RemoteConnection.CallbacksMax)
        {
            return null;
        }

        if (listeners.Count == 0)
        {
            foreach (Link link in mirror.Links)
            {
                names[link.Index] = NameOf(link);
            }
        }

        if (connection.Callbacks.Count == 0)
        {
            listeners.Add((client, connection));
        }

        connection.Callbacks.Add(++connection.LastCallback, wish);
        return connection.LastCallback;
    }

    /// <summary>The client does not want to hear that any more; false if it never did.</summary>
    public bool Deregister(RemoteConnection connection, int number)
    {
        bool wasThere = connection.Callbacks.Remove(number);
        if (connection.Callbacks.Count == 0)
        {
            Leave(connection);
        }

        return wasThere;
    }

    /// <summary>The client is gone.</summary>
    public void Leave(RemoteConnection connection)
    {
        listeners.RemoveAll(listener => listener.Connection == connection);
        if (listeners.Count == 0)
        {
            names.Clear();
        }
    }

    /// <summary>Something changed in the kernel.</summary>
    public void Take(in RtnetlinkOutput change)
    {
        if (listeners.Count == 0)
        {
            return;
        }

        switch (change.Kind)
        {
            case RtnetlinkOutputKind.LinkAppeared or RtnetlinkOutputKind.LinkChanged:
                Changed(change.Link);
                break;
            case RtnetlinkOutputKind.LinkVanished:
                if (names.Remove(change.Link.Index, out string? gone))
                {
                    TellLifecycle(gone, NodeDeviceLifecycle.Deleted);
                }

                break;
            default:
                break;
        }
    }

    private static string NameOf(in Link link) => NetworkDevice.NameOf(link.Name, link.HardwareAddress);

    /// <summary>A device is its name and address: with another one it is another device.</summary>
    private void Changed(in Link link)
    {
        string name = NameOf(link);
        if (names.TryGetValue(link.Index, out string? before) && before == name)
        {
            Tell(NodeDeviceEventKind.Update, name, (number, device) =>
                Write(RemoteProcedure.NodeDeviceEventUpdate, new NodeDeviceUpdateEvent(number, device)));
            return;
        }

        names[link.Index] = name;
        if (before is not null)
        {
            TellLifecycle(before, NodeDeviceLifecycle.Deleted);
        }

        TellLifecycle(name, NodeDeviceLifecycle.Created);
    }

    private void TellLifecycle(string name, NodeDeviceLifecycle what) =>
        Tell(NodeDeviceEventKind.Lifecycle, name, (number, device) =>
            Write(RemoteProcedure.NodeDeviceEventLifecycle, new NodeDeviceLifecycleEvent(number, device, what, 0)));

    private void Tell(NodeDeviceEventKind kind, string name, Action<int, string> write)
    {
        // A client that does not read is disconnected by being told, and leaves.
        foreach ((RpcClient client, RemoteConnection connection) in listeners.ToArray())
        {
            foreach (KeyValuePair<int, NodeDeviceEventRegisterArguments> callback in
                (KeyValuePair<int, NodeDeviceEventRegisterArguments>[])[.. connection.Callbacks])
            {
                if (callback.Value.Kind == kind && (callback.Value.Device is null || callback.Value.Device == name))
                {
                    write(callback.Key, name);
                    client.Send(writer.Written);
                }
            }
        }
    }

    private void Write<T>(RemoteProcedure procedure, T value)
        where T : struct, IXdrValue<T>
    {
        writer.Reset();
        int start = RpcFrame.Begin(writer, RpcHeader.Event(RpcPrograms.Remote, (int)procedure));
        value.Write(writer);
        RpcFrame.End(writer, start);
    }
}
