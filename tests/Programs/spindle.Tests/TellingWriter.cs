using System;
using System.IO;
using System.Text;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Spindle.Programs.Tests;

/// <summary>A writer whose lines can be waited for.</summary>
internal sealed class TellingWriter : TextWriter
{
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder line = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        if (value == '\n')
        {
            lines.Writer.TryWrite(line.ToString());
            line.Clear();
        }
        else
        {
            line.Append(value);
        }
    }

    public async Task<string> NextLine() => await lines.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
}
