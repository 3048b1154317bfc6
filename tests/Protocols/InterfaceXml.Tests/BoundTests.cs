using System;
using System.Linq;
using System.Text;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>What a document of the largest size may cost, made to hurt.</summary>
public sealed class BoundTests
{
    private const long OctetsMax = 32 << 20;

    private static readonly string[] Shapes =
    [
        "<a b='|&#65;' />",
        "<a>|<b/></a>",
        "<a>|<b c='' d='' e='' f='' g='' h=''></b></a>",
        "<a>|&lt;</a>",
        "<a>|<![CDATA[]]></a>",
        "<a>|<!----></a>",
        "<a>|<?b?></a>",
        "<interface type='ethernet' name='e'>|<protocol family='ipv4'/></interface>",
        "<interface type='ethernet' name='e'><protocol family='ipv4'>|<ip address='1.2.3.4'/></protocol></interface>",
        "<interface type='ethernet' name='|a'/>",
        "<interface type='ethernet' name='e'><mtu size='|0'/></interface>",
        "<interface type='ethernet' name='e'><protocol family='ipv6'><ip address='|:1'/></protocol></interface>",
        "<interface type='bridge' name='e'><bridge delay='|0'/></interface>",
        "<interface type='bridge' name='b'><bridge>|<interface type='ethernet' name='e'/></bridge></interface>",
        "<interface type='bond' name='b'><bond>|<interface type='ethernet' name='e'/></bond></interface>",
        "<|a/>",
        "<a |b/>",
        "|\n<a",
    ];

    public static TheoryData<string> All => [.. Shapes];

    [Theory]
    [MemberData(nameof(All))]
    public void The_largest_document_costs_so_much_memory_and_no_more(string shape)
    {
        byte[] document = Repeated(shape, InterfaceDefinition.MaximumSize);
        InterfaceDefinition.TryParse(document, out _, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        InterfaceDefinition.TryParse(document, out _, out _);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, OctetsMax);
    }

    // Everything that is allocated is allocated in proportion: twice the document, about twice the memory.
    [Theory]
    [MemberData(nameof(All))]
    public void Twice_the_document_costs_twice_the_memory(string shape)
    {
        long half = Allocated(Repeated(shape, 20_000));
        long full = Allocated(Repeated(shape, 40_000));
        Assert.InRange(full, 0, (half * 5 / 2) + 10_000);
    }

    private static long Allocated(byte[] document)
    {
        InterfaceDefinition.TryParse(document, out _, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        InterfaceDefinition.TryParse(document, out _, out _);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static byte[] Repeated(string shape, int size)
    {
        int at = shape.IndexOf('|', StringComparison.Ordinal);
        string after = shape[(at + 1)..];
        int length = after[0] switch
        {
            '&' => after.IndexOf(';', StringComparison.Ordinal) + 1,
            '<' when after.StartsWith("<b c", StringComparison.Ordinal) => after.IndexOf("</b>", StringComparison.Ordinal) + 4,
            '<' when after.StartsWith("<![", StringComparison.Ordinal) => "<![CDATA[]]>".Length,
            '<' => after.IndexOf('>', StringComparison.Ordinal) + 1,
            ':' => 2,
            _ => 1,
        };
        int count = (size - shape.Length) / length;
        return Encoding.UTF8.GetBytes(shape[..at] + string.Concat(Enumerable.Repeat(after[..length], count)) + after[length..]);
    }
}
