using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Protocols.InterfaceXml.Generated;

/// <summary>Choices out of one seed.</summary>
internal sealed class Dice(ulong seed)
{
    private PseudoRandom random = new(seed);

    public int Below(int bound) => (int)random.NextBelow((uint)bound);

    /// <summary>True once in <paramref name="times"/>.</summary>
    public bool Once(int times) => Below(times) == 0;

    public uint UInt32() => random.NextUInt32();

    public ulong UInt64() => random.NextUInt64();

    public T Of<T>(params IReadOnlyList<T> items) => items[Below(items.Count)];

    public void Shuffle<T>(IList<T> items)
    {
        for (int i = items.Count - 1; i > 0; i--)
        {
            int other = Below(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }
}
