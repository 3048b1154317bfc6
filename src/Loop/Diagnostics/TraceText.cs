using System;
using System.Buffers;
using System.Globalization;
using System.Text;

namespace Spindle.Loop.Diagnostics;

/// <summary>Spans as Trace Event JSON, the format that Perfetto and chrome://tracing open.</summary>
/// <remarks>Source: "Trace Event Format" (Chromium), the array form: complete events (<c>ph</c> = X), times in microseconds.
/// The array may lack its end: a file of a process that was killed opens too.</remarks>
internal sealed class TraceText(int processId, int threadId)
{
    private readonly ArrayBufferWriter<byte> text = new(4096);

    public ReadOnlySpan<byte> Written => text.WrittenSpan;

    public void Clear() => text.ResetWrittenCount();

    /// <summary>The beginning of a file, with the loop's name for the thread.</summary>
    public void Begin(string loopName)
    {
        Raw("[{\"name\":\"thread_name\",\"ph\":\"M\"");
        Place();
        Raw(",\"args\":{\"name\":");
        Quoted(loopName);
        Raw("}}");
    }

    public void Append(in TraceEvent span)
    {
        Raw(",\n{\"name\":");
        switch (span.Kind)
        {
            case TraceKind.Turn:
                Raw("\"turn\",\"cat\":\"turn\"");
                break;
            case TraceKind.Wait:
                Raw("\"wait\",\"cat\":\"wait\"");
                break;
            case TraceKind.Dispatch:
                Quoted(span.Name!);
                Raw(",\"cat\":\"dispatch\"");
                break;
        }

        Raw(",\"ph\":\"X\"");
        Place();
        Raw(",\"ts\":");
        Microseconds(span.Began);
        Raw(",\"dur\":");
        Microseconds(span.Ended - span.Began);
        Arguments(span);
        Raw("}");
    }

    public void End() => Raw("]\n");

    private void Arguments(in TraceEvent span)
    {
        switch (span.Kind)
        {
            case TraceKind.Turn:
                Raw(",\"args\":{\"turn\":");
                Number(span.Detail);
                Raw("}");
                break;
            case TraceKind.Wait:
                Raw(",\"args\":{\"ready\":");
                Number(span.Detail);
                Raw("}");
                break;
            case TraceKind.Dispatch:
                if (span.Detail >= 0)
                {
                    Raw(",\"args\":{\"late_us\":");
                    Microseconds(span.Detail);
                    Raw("}");
                }

                break;
        }
    }

    private void Place()
    {
        Raw(",\"pid\":");
        Number(processId);
        Raw(",\"tid\":");
        Number(threadId);
    }

    private void Microseconds(long nanoseconds)
    {
        Number(nanoseconds / 1000);
        Span<byte> place = text.GetSpan(4);
        place[0] = (byte)'.';
        (nanoseconds % 1000).TryFormat(place[1..], out int length, "000", CultureInfo.InvariantCulture);
        text.Advance(1 + length);
    }

    private void Number(long number)
    {
        number.TryFormat(text.GetSpan(20), out int length, default, CultureInfo.InvariantCulture);
        text.Advance(length);
    }

    /// <summary>A JSON string (RFC 8259, section 7). Halves of surrogate pairs become U+FFFD.</summary>
    private void Quoted(string value)
    {
        Raw("\"");
        foreach (Rune rune in value.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\')
            {
                Raw("\\");
            }

            if (rune.Value >= ' ')
            {
                text.Advance(rune.EncodeToUtf8(text.GetSpan(4)));
            }
            else
            {
                Raw("\\u");
                rune.Value.TryFormat(text.GetSpan(4), out int length, "x4", CultureInfo.InvariantCulture);
                text.Advance(length);
            }
        }

        Raw("\"");
    }

    private void Raw(string ascii) => text.Advance(Encoding.ASCII.GetBytes(ascii, text.GetSpan(ascii.Length)));
}
