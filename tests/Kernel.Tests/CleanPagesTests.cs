using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.IO.MemoryMappedFiles;
using Spindle.Kernels.Linux;

namespace Spindle.Kernels.Tests;

public sealed class CleanPagesTests : KernelTest
{
    [Fact]
    public void The_code_of_the_executable_and_of_its_libraries_is_found_and_nothing_that_can_be_written()
    {
        LoadedObjects.Segment[] segments = new LoadedObjects.Segment[64];
        int count = LoadedObjects.FindReadOnly(segments);
        HashSet<string> files = [];
        foreach (LoadedObjects.Segment segment in segments[..count])
        {
            Assert.True(segment.To > segment.From);
            string[] mapping = MappingOf(segment.From);
            Assert.Equal('-', mapping[1][1]);
            Assert.StartsWith("/", mapping[^1], StringComparison.Ordinal);
            files.Add(mapping[^1]);
        }

        Assert.Contains(File.ResolveLinkTarget("/proc/self/exe", returnFinalTarget: true)!.FullName, files);
        Assert.Contains(files, file => Path.GetFileName(file).StartsWith("libc.", StringComparison.Ordinal));
        Assert.Contains(files, file => Path.GetFileName(file).StartsWith("ld-", StringComparison.Ordinal));
    }

    [Fact]
    public void Code_is_given_back_and_runs_on()
    {
        for (int round = 0; round < 3; round++)
        {
            Result released = Kernel.ReleaseCleanPages();
            Assert.True(released.IsOk, released.ToString());
            Assert.True(released.Value > 0);
            Assert.Equal(0, released.Value % Environment.SystemPageSize);
            Assert.Equal(Environment.ProcessId, Kernel.ProcessId);
        }
    }

    [Fact]
    public void A_page_of_ours_alone_stays_as_it_is_and_those_around_it_go()
    {
        const int Pages = 600; // more than are looked at at once
        int size = Environment.SystemPageSize;
        byte[] content = new byte[Pages * size];
        Array.Fill(content, (byte)'a');
        File.WriteAllBytes(At("file"), content);
        using MemoryMappedFile file = MemoryMappedFile.CreateFromFile(At("file"), FileMode.Open);
        using MemoryMappedViewAccessor view = file.CreateViewAccessor(0, content.Length, MemoryMappedFileAccess.CopyOnWrite);
        int[] written = [0, 5, 6, 255, 256, 599];
        Array.ForEach(written, page => view.Write(page * size, (byte)'b'));
        AssertContent(); // and so all of it is mapped
        nuint from = (nuint)view.SafeMemoryMappedViewHandle.DangerousGetHandle();
        int pageMap = Own(Kernel.Open("/proc/self/pagemap", FileFlags.Read));
        Assert.Equal(Pages - written.Length, CleanPages.Release(pageMap, new(from, from + (nuint)content.Length)));
        AssertContent();

        void AssertContent()
        {
            for (int page = 0; page < Pages; page++)
            {
                Assert.Equal((byte)(Array.IndexOf(written, page) >= 0 ? 'b' : 'a'), view.ReadByte(page * size));
            }
        }
    }

    private static string[] MappingOf(nuint address)
    {
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string[] range = fields[0].Split('-');
            if (Parse(range[0]) <= address && address < Parse(range[1]))
            {
                return fields;
            }
        }

        throw new InvalidOperationException($"Nothing is mapped at {address:x}.");
    }

    private static nuint Parse(string hexadecimal) => nuint.Parse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
