using System;
using System.Collections.Generic;
using System.Text;
using Spindle.Kernels;
using Spindle.Simulation.Network.Checking;

namespace Spindle.Simulation.Network.Settings.Checking;

/// <summary>A kernel with a pair of links, <c>va</c> and <c>vb</c>, whose settings are read and written, and who tells of links,
/// addresses and routes.</summary>
internal sealed class SettingSide : PairSide, ICheckSide<SettingSide>
{
    private SettingSide(Kernel kernel, Action<TimeSpan> pass)
        : base(kernel, pass) => SetUpPair();

    public static SettingSide Open(Kernel kernel, Action<TimeSpan> pass) => new(kernel, pass);

    public string Read(string path, int room)
    {
        Result file = Kernel.Open(path, FileFlags.Read);
        if (!file.IsOk)
        {
            return file.Error.ToString();
        }

        List<string> parts = [];
        for (int reads = 0; reads < 2; reads++)
        {
            Result read = Kernel.Read(file.Int, Buffer.AsSpan(0, room));
            parts.Add(read.IsOk ? Encoding.ASCII.GetString(Buffer, 0, read.Int).Replace("\n", "\\n", StringComparison.Ordinal) : read.Error.ToString());
        }

        Kernel.Close(file.Int);
        return string.Join(" | ", parts);
    }

    public string Write(string path, string value) => WriteFile(path, value);
}
