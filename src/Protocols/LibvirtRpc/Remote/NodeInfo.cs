using System;

namespace Spindle.Protocols.LibvirtRpc.Remote;

/// <summary>Result of 6: what the host is made of.</summary>
/// <param name="Model">Name of the processor's architecture; at most 31 octets are sent.</param>
/// <param name="MemoryKibibytes">Memory.</param>
/// <param name="Processors">Active processors.</param>
/// <param name="Megahertz">Their frequency; 0 if it is not known.</param>
/// <param name="Nodes">NUMA nodes.</param>
/// <param name="Sockets">Sockets a node.</param>
/// <param name="Cores">Cores a socket.</param>
/// <param name="Threads">Threads a core.</param>
public readonly record struct NodeInfo(
    string Model, ulong MemoryKibibytes, int Processors, int Megahertz, int Nodes, int Sockets, int Cores, int Threads)
    : IXdrValue<NodeInfo>
{
    /// <summary>Characters of the model with the NUL at its end; each takes four octets.</summary>
    private const int ModelSize = 32;

    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out NodeInfo value)
    {
        Span<byte> model = stackalloc byte[ModelSize];
        if (!reader.TryReadCharacters(model) || !reader.TryReadUInt64(out ulong memory)
            || !reader.TryReadInt32(out int processors) || !reader.TryReadInt32(out int megahertz)
            || !reader.TryReadInt32(out int nodes) || !reader.TryReadInt32(out int sockets)
            || !reader.TryReadInt32(out int cores) || !reader.TryReadInt32(out int threads))
        {
            value = default;
            return false;
        }

        int end = model.IndexOf((byte)0);
        string text = XdrText.Decode(end < 0 ? model : model[..end]);
        value = new(text, memory, processors, megahertz, nodes, sockets, cores, threads);
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        Span<byte> model = stackalloc byte[ModelSize];
        model.Clear();
        ReadOnlySpan<char> text = Model.AsSpan(0, Math.Min(Model.Length, ModelSize - 1));
        while (XdrText.CountOctets(text) > ModelSize - 1)
        {
            text = text[..^1];
        }

        XdrText.Encode(text, model);
        writer.WriteCharacters(model);
        writer.WriteUInt64(MemoryKibibytes);
        writer.WriteInt32(Processors);
        writer.WriteInt32(Megahertz);
        writer.WriteInt32(Nodes);
        writer.WriteInt32(Sockets);
        writer.WriteInt32(Cores);
        writer.WriteInt32(Threads);
    }
}
