using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Spindle.Kernels;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Scripts;

/// <summary>A script while it runs: what its names stand for, and what each registration is called.</summary>
internal sealed class ScriptContext(ScriptSystem system)
{
    public const int BufferSize = 1 << 20;

    private static readonly byte[] Ones = Enumerable.Repeat((byte)1, BufferSize).ToArray();

    private readonly Dictionary<string, int> descriptors = new(StringComparer.Ordinal);
    private readonly List<string> tags = [];

    public ScriptSystem System { get; } = system;

    public Dictionary<string, ScriptThread> Threads { get; } = new(StringComparer.Ordinal);

    /// <summary>FIFOs have names of their own, which are no descriptors.</summary>
    public HashSet<string> Fifos { get; } = new(StringComparer.Ordinal);

    /// <summary>Where reads go.</summary>
    public byte[] Buffer { get; } = new byte[BufferSize];

    /// <summary>What writes write: ones, so that an eventfd takes them too.</summary>
    public byte[] Octets => Ones;

    /// <summary>Where waits go.</summary>
    public EpollEvent[] Events { get; private set; } = new EpollEvent[256];

    /// <summary>Forgets all names, for the next script.</summary>
    public void Clear()
    {
        descriptors.Clear();
        tags.Clear();
        Threads.Clear();
        Fifos.Clear();
    }

    public void Define(string name, int fd) => descriptors[name] = fd;

    public int FdOf(string name, int line)
    {
        if (ScriptNames.IsLiteral(name, out int literal))
        {
            return literal < 3 ? literal : literal + System.DescriptorOffset;
        }

        return descriptors.TryGetValue(name, out int fd) ? fd : throw new ScriptException(line, $"no step before makes '{name}'");
    }

    /// <summary>A descriptor's number as scripts see it.</summary>
    public int Shown(int fd) => fd < 3 ? fd : fd - System.DescriptorOffset;

    /// <summary>Room for so many events; no script has more than 65,536.</summary>
    public Span<EpollEvent> RoomFor(int max)
    {
        int room = Math.Clamp(max, 0, 65536);
        if (room > Events.Length)
        {
            Events = new EpollEvent[room];
        }

        return Events.AsSpan(0, room);
    }

    /// <summary>Room for so many octets.</summary>
    public Span<byte> RoomFor(long count, int line) =>
        count is >= 0 and <= BufferSize ? Buffer.AsSpan(0, (int)count) : throw new ScriptException(line, $"at most {BufferSize} octets");

    /// <summary>What a registration carries to be known by its tag.</summary>
    public ulong DataOf(string tag)
    {
        tags.Add(tag);
        return (ulong)tags.Count - 1;
    }

    public string TagOf(ulong data) =>
        data < (ulong)tags.Count ? tags[(int)data] : data.ToString(CultureInfo.InvariantCulture);

    public string Format(Result result, ReadOnlySpan<EpollEvent> events)
    {
        if (!result.IsOk)
        {
            return Format(result);
        }

        StringBuilder text = new("[");
        foreach (EpollEvent found in events[..result.Int])
        {
            text.Append(text.Length > 1 ? " " : "").Append(TagOf(found.Data)).Append(':').Append(MaskText.Format((PollMask)found.Events));
        }

        return text.Append(']').ToString();
    }

    /// <summary>A value or the errno's name.</summary>
    public static string Format(Result result) => result.ToString();

    /// <summary><c>0</c>, whatever the value, or the errno's name.</summary>
    public static string FormatPlain(Result result) => result.IsOk ? "0" : result.ToString();
}
