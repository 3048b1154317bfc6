using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Basics.Tests;

public sealed class CollectionTests
{
    [Fact]
    public void A_queue_keeps_order_while_it_grows_and_refuses_beyond_its_maximum()
    {
        BoundedQueue<int> queue = new(10);
        Queue<int> expected = new();
        PseudoRandom random = new(1);
        int refused = 0;
        for (int i = 0; i < 10_000; i++)
        {
            if (random.NextBelow(100) < 55)
            {
                bool taken = queue.TryEnqueue(i);
                Assert.Equal(expected.Count < 10, taken);
                refused += taken ? 0 : 1;
                if (taken)
                {
                    expected.Enqueue(i);
                }
            }
            else
            {
                Assert.Equal(expected.TryDequeue(out int want), queue.TryDequeue(out int got));
                Assert.Equal(want, got);
            }

            Assert.Equal(expected.Count, queue.Count);
        }

        Assert.NotEqual(0, refused);
    }

    [Fact]
    public void A_reader_never_goes_past_the_end()
    {
        OctetReader reader = new([1, 2, 3, 4, 5, 6, 7]);
        Assert.True(reader.TryReadByte(out byte first) && first == 1);
        Assert.True(reader.TryReadUInt16(out ushort second) && second == 0x0203);
        Assert.True(reader.TryReadUInt32(out uint third) && third == 0x0405_0607);
        Assert.False(reader.TryReadByte(out _));
        Assert.False(reader.TryTake(1, out _));
        Assert.False(reader.TryTake(-1, out _));
        Assert.Equal(0, reader.Remaining);
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        byte[] buffer = new byte[16];
        OctetWriter writer = new(buffer);
        writer.WriteByte(7);
        writer.WriteUInt16(0xABCD);
        writer.WriteUInt32(0x0102_0304);
        writer.Fill(2);
        Assert.Equal([7, 0xAB, 0xCD, 1, 2, 3, 4, 0, 0], writer.Written.ToArray());
    }

    /// <summary>The example of RFC 1071, section 3.</summary>
    [Fact]
    public void The_checksum_is_that_of_rfc_1071()
    {
        byte[] octets = [0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7];
        ushort checksum = InternetChecksum.Finish(InternetChecksum.Add(0, octets));
        Assert.Equal(unchecked((ushort)~0xDDF2), checksum);
        Assert.Equal(0, InternetChecksum.Finish(InternetChecksum.Add(checksum, octets)));
        Assert.Equal(
            InternetChecksum.Finish(InternetChecksum.Add(0, [0x12, 0x00])), InternetChecksum.Finish(InternetChecksum.Add(0, [0x12])));
    }

    [Fact]
    public void The_same_seed_gives_the_same_numbers_in_range()
    {
        PseudoRandom one = new(42), two = new(42);
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(one.NextUInt64(), two.NextUInt64());
            Assert.InRange(one.NextBelow(7), 0u, 6u);
            two.NextBelow(7);
            TimeSpan span = one.NextBetween(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
            two.NextBetween(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
            Assert.InRange(span, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        }
    }

    [Theory]
    [InlineData("eth*", "eth0", true)]
    [InlineData("eth*", "veth0", false)]
    [InlineData("*", "", true)]
    [InlineData("e?h0", "eth0", true)]
    [InlineData("e?h0", "eh0", false)]
    [InlineData("[a-e]th[!1-9]", "eth0", true)]
    [InlineData("[a-e]th[!1-9]", "eth1", false)]
    [InlineData("a*b*c", "axxbyyc", true)]
    [InlineData("a*b*c", "axxbyy", false)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "x", false)]
    [InlineData("[", "[", true)]
    public void Globs_match_as_in_a_shell(string pattern, string name, bool matches) =>
        Assert.Equal(matches, Glob.Matches(pattern, name));

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("*", "CN=a", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("?", "", false)]
    [InlineData("CN=?", "CN=\u00e4", true)]
    [InlineData("CN=?", "CN=\ud83d\ude00", true)]
    [InlineData("CN=??", "CN=\ud83d\ude00", false)]
    [InlineData("O=Red\\, Hat,*", "O=Red\\, Hat,CN=x", true)]
    [InlineData("O=Red, Hat,*", "O=Red\\, Hat,CN=x", false)]
    [InlineData("CN=[ab]", "CN=a", false)]
    [InlineData("CN=[ab]", "CN=[ab]", true)]
    [InlineData("*a*b*c", "xxaxxbxxbcxc", true)]
    [InlineData("*a*b*c", "xxaxxbxxbcxd", false)]
    [InlineData("a*", "ba", false)]
    [InlineData("**a", "ba", true)]
    public void A_plain_pattern_knows_asterisk_and_question_mark_alone(string pattern, string name, bool matches) =>
        Assert.Equal(matches, Glob.MatchesPlain(pattern, name));

    [Fact]
    public void A_hostile_glob_takes_no_exponential_time() =>
        Assert.False(Glob.Matches(string.Concat(System.Linq.Enumerable.Repeat("a*", 200)) + "b", new string('a', 2000)));
}
