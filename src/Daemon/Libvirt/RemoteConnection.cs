using System.Collections.Generic;
using Spindle.Protocols.LibvirtRpc.Remote;

namespace Spindle.Daemon.Libvirt;

/// <summary>What a client of the REMOTE program has done so far. Written on the loop, before what comes behind it is looked at.</summary>
internal sealed class RemoteConnection
{
    /// <summary>Callbacks of one client at most; the next is refused.</summary>
    public const int CallbacksMax = 64;

    /// <summary>The URI that was opened; null: none yet.</summary>
    public string? Uri { get; set; }

    /// <summary>It asked to be kept from changing anything.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>Events that it wants, by the numbers it was given.</summary>
    public SortedDictionary<int, NodeDeviceEventRegisterArguments> Callbacks { get; } = [];

    /// <summary>The number given last.</summary>
    public int LastCallback { get; set; }

    /// <summary>Interfaces that it waits for.</summary>
    public HashSet<Switching> Switchings { get; } = [];

    /// <summary>It is gone: nobody waits for anything any more.</summary>
    public void Drop()
    {
        foreach (Switching switching in (Switching[])[.. Switchings])
        {
            switching.Drop();
        }

        Switchings.Clear();
        Callbacks.Clear();
    }
}
