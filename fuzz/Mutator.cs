using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Basics;

namespace Spindle.Fuzz;

/// <summary>Makes a wrong input out of right ones; the same seed makes the same inputs.</summary>
public sealed class Mutator(IReadOnlyList<byte[]> corpus, ulong seed)
{
    private const int LengthMax = 64 * 1024;
    private static readonly byte[] Edges = [0, 1, 0x7f, 0x80, 0xc0, 0xfe, 0xff];
    private PseudoRandom _random = new(seed);

    /// <summary>The next input: a seed of the corpus with one to eight mutations (one in 64 is left as it is).</summary>
    public byte[] Next()
    {
        List<byte> input = corpus.Count == 0 ? [] : [.. corpus[Below(corpus.Count)]];
        int mutations = Below(64) == 0 ? 0 : 1 + Below(Below(8) + 1);
        for (int i = 0; i < mutations; i++)
        {
            Mutate(input);
        }

        return input.Count > LengthMax ? input.Take(LengthMax).ToArray() : input.ToArray();
    }

    private void Mutate(List<byte> input)
    {
        if (input.Count == 0)
        {
            Insert(input);
            return;
        }

        int at = Below(input.Count);
        switch (Below(9))
        {
            case 0: // one bit
                input[at] ^= (byte)(1 << Below(8));
                break;
            case 1: // an edge value
                input[at] = Edges[Below(Edges.Length)];
                break;
            case 2: // any value
                input[at] = (byte)Below(256);
                break;
            case 3: // cut short
                input.RemoveRange(at, input.Count - at);
                break;
            case 4: // a piece missing
                input.RemoveRange(at, Math.Min(1 + Below(8), input.Count - at));
                break;
            case 5:
                Insert(input);
                break;
            case 6: // a piece of this or another seed
                Splice(input, at);
                break;
            case 7: // a piece repeated
                input.InsertRange(at, input.GetRange(at, Math.Min(1 + Below(64), input.Count - at)));
                break;
            default:
                LieAboutLength(input, at);
                break;
        }
    }

    private void Insert(List<byte> input)
    {
        byte[] piece = new byte[1 + Below(Below(16) == 0 ? 2000 : 16)];
        byte fill = Edges[Below(Edges.Length)];
        for (int i = 0; i < piece.Length; i++)
        {
            piece[i] = Below(2) == 0 ? fill : (byte)Below(256);
        }

        input.InsertRange(Below(input.Count + 1), piece);
    }

    private void Splice(List<byte> input, int at)
    {
        byte[] other = corpus[Below(corpus.Count)];
        if (other.Length > 0)
        {
            int from = Below(other.Length);
            input.InsertRange(at, other.Skip(from).Take(1 + Below(other.Length - from)));
        }
    }

    // A 16 or 32 bit field that says more, less or much more than there is, in either byte order.
    private void LieAboutLength(List<byte> input, int at)
    {
        int width = Below(2) == 0 ? 2 : 4;
        uint lie = Below(6) switch
        {
            0 => 0,
            1 => (uint)Below(8),
            2 => uint.MaxValue,
            3 => int.MaxValue,
            4 => (uint)(input.Count - at + Below(5) - 2),
            _ => (uint)Below(1 << 16),
        };
        bool bigEndian = Below(2) == 0;
        for (int i = 0; i < width && at + i < input.Count; i++)
        {
            input[at + i] = (byte)(lie >> (8 * (bigEndian ? width - 1 - i : i)));
        }
    }

    private int Below(int limit) => (int)_random.NextBelow((uint)limit);
}
