using System;
using System.Globalization;
using System.Text;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Scripts;

/// <summary>Masks as scripts write them: names joined by <c>|</c> in a fixed order, <c>0</c> for none.</summary>
internal static class MaskText
{
    private static readonly (PollMask Bit, string Name)[] Names =
    [
        (PollMask.In, "IN"), (PollMask.Priority, "PRI"), (PollMask.Out, "OUT"), (PollMask.Error, "ERR"), (PollMask.HangUp, "HUP"),
        (PollMask.Invalid, "NVAL"), (PollMask.ReadNormal, "RDNORM"), (PollMask.ReadBand, "RDBAND"), (PollMask.WriteNormal, "WRNORM"),
        (PollMask.WriteBand, "WRBAND"), (PollMask.Message, "MSG"), (PollMask.ReadHangUp, "RDHUP"), (PollMask.Exclusive, "EXCLUSIVE"),
        (PollMask.WakeUp, "WAKEUP"), (PollMask.OneShot, "ONESHOT"), (PollMask.EdgeTriggered, "ET"),
    ];

    public static string Format(PollMask mask)
    {
        StringBuilder text = new();
        foreach ((PollMask bit, string name) in Names)
        {
            if ((mask & bit) != PollMask.None)
            {
                text.Append(text.Length > 0 ? "|" : "").Append(name);
                mask &= ~bit;
            }
        }

        // Bits without a name keep their number.
        if (mask != PollMask.None)
        {
            text.Append(text.Length > 0 ? "|" : "").Append($"0x{(uint)mask:x}");
        }

        return text.Length == 0 ? "0" : text.ToString();
    }

    public static bool TryParse(ReadOnlySpan<char> text, out PollMask mask)
    {
        mask = PollMask.None;
        if (text is "0")
        {
            return true;
        }

        foreach (Range part in text.Split('|'))
        {
            if (!TryParseOne(text[part], out PollMask bit))
            {
                return false;
            }

            mask |= bit;
        }

        return true;
    }

    private static bool TryParseOne(ReadOnlySpan<char> text, out PollMask found)
    {
        foreach ((PollMask bit, string name) in Names)
        {
            if (text.SequenceEqual(name))
            {
                found = bit;
                return true;
            }
        }

        uint bits = 0;
        bool isNumber = text.StartsWith("0x", StringComparison.Ordinal)
            && uint.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bits);
        found = (PollMask)bits;
        return isNumber;
    }
}
