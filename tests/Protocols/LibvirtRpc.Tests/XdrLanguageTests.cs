using System;
using System.Linq;
using System.Text;
using Spindle.Fuzz.Protocol;
using Spindle.Protocols.InterfaceXml.Generated;

namespace Spindle.Protocols.LibvirtRpc.Tests;

/// <summary>The interpreter of the XDR language (RFC 4506) that libvirt's definitions are read with.</summary>
public sealed class XdrLanguageTests
{
    private const string Definitions = """
        /* A comment of
         * two lines. */
        %#include "of.c"
        const LIMIT = 0x10;
        const SHORT=3;
        const BELOW = -1;
        typedef string text<LIMIT>;
        typedef text *maybe;
        typedef opaque mark[SHORT];
        enum colour {
            /** first */
            RED = 1,

            /**
             * @tone: dark
             */
            BLUE = 2,
            GREY = BELOW
        };
        struct pair { /* both */
            unsigned short_one; /* unsigned alone */
            unsigned hyper long_one;
        };
        union either switch (int kind) {
         case RED:
             int number;
         case BLUE:
         case 7:
             text words;
         case 8:
             void;
         default:
             double other;
        };
        union strict switch (int kind) { case 1: int number; };
        struct all {
            maybe name;
            mark sign;
            colour tone;
            pair pairs<2>;
            either one;
            char model[4];
            opaque data<>;
            int three[3];
            all *next;
        };
        """;

    [Fact]
    public void Constants_and_enumerations_have_their_numbers_and_comments()
    {
        XdrModule module = Read(Definitions);
        Assert.Equal((16, 3, -1), (module.Constants["LIMIT"], module.Constants["SHORT"], module.Constants["BELOW"]));
        Assert.Equal(2, module.Constants["BLUE"]);
        Assert.Equal([("RED", 1), ("BLUE", 2), ("GREY", -1)], module.Enumeration("colour").Select(static one => (one.Name, one.Value)));
        Assert.Contains("@tone: dark", module.Enumeration("colour")[1].Comment, StringComparison.Ordinal);
        Assert.Equal("", module.Enumeration("colour")[2].Comment);
    }

    [Fact]
    public void Octets_are_those_of_RFC_4506()
    {
        XdrModule module = Read(Definitions);
        Assert.Equal("00000003" + "61626300", Encode(module, "text", new XdrOctets("abc"u8.ToArray())));
        Assert.Equal("00000000", Encode(module, "maybe", new XdrMaybe(null)));
        Assert.Equal("00000001" + "00000001" + "61000000", Encode(module, "maybe", new XdrMaybe(new XdrOctets("a"u8.ToArray()))));
        Assert.Equal("01020300", Encode(module, "mark", new XdrOctets([1, 2, 3])));
        Assert.Equal("FFFFFFFF", Encode(module, "colour", new XdrBits(unchecked((ulong)-1))));
        Assert.Equal("00000005" + "0000000000000006", Encode(module, "pair", new XdrItems([new XdrBits(5), new XdrBits(6)])));
        Assert.Equal("00000001" + "00000009", Encode(module, "either", new XdrChoice(1, new XdrBits(9))));
        Assert.Equal("00000007" + "00000000", Encode(module, "either", new XdrChoice(7, new XdrOctets([]))));
        Assert.Equal("00000008", Encode(module, "either", new XdrChoice(8, new XdrNothing())));
        Assert.Equal("00000063" + "3FF0000000000000", Encode(module, "either", new XdrChoice(99, new XdrBits(BitConverter.DoubleToUInt64Bits(1)))));
    }

    [Theory]
    [InlineData("text", "00000011" + "6161616161616161616161616161616161000000", "17 are more than 16")]
    [InlineData("text", "00000003" + "61626301", "padding that is not zero")]
    [InlineData("text", "00000003" + "6162", "3 octets are not there")]
    [InlineData("text", "00000000" + "00", "1 octets behind the end")]
    [InlineData("maybe", "00000002" + "00000000", "2 is no flag")]
    [InlineData("strict", "00000002" + "00000000", "strict has no arm 2")]
    [InlineData("pair", "00000000" + "00000000", "4 octets are not there")]
    [InlineData("colour", "", "4 octets are not there")]
    public void What_is_not_of_the_type_is_not_read(string type, string octets, string why)
    {
        Assert.False(XdrDecoder.TryDecode(Read(Definitions).Types[type], Convert.FromHexString(octets), out _, out string wrong));
        Assert.StartsWith(why, wrong, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("000000FF", true)]
    [InlineData("FFFFFF80", true)]
    [InlineData("00000100", false)]
    [InlineData("FFFFFF7F", false)]
    public void A_character_is_a_number_whose_last_octet_counts(string octets, bool isCharacter)
    {
        XdrModule module = Read("typedef char one[1];");
        Assert.Equal(isCharacter, XdrDecoder.TryDecode(module.Types["one"], Convert.FromHexString(octets), out _, out _));
    }

    [Fact]
    public void Random_values_read_back_the_same_and_not_when_they_are_cut()
    {
        XdrType type = Read(Definitions).Types["all"];
        for (ulong seed = 1; seed <= 500; seed++)
        {
            Dice dice = new(seed);
            byte[] octets = XdrEncoder.Encode(type, new XdrGenerator(dice).Next(type));
            Assert.True(XdrDecoder.TryDecode(type, octets, out XdrNode read, out string wrong), $"seed {seed}: {wrong}");
            Assert.True(octets.AsSpan().SequenceEqual(XdrEncoder.Encode(type, read)), $"seed {seed}");
            Assert.False(XdrDecoder.TryDecode(type, octets.AsSpan(0, dice.Below(octets.Length)), out _, out _), $"seed {seed}");
        }
    }

    [Fact]
    public void Each_place_with_a_limit_is_filled_to_it_and_over_it()
    {
        XdrType type = Read("struct inner { string a<5>; opaque b<6>; }; struct outer { inner list<3>; inner *one; int open<>; };").Types["outer"];
        XdrPlace[] places = XdrPlaces.Of(type).Where(static place => place.Maximum != uint.MaxValue).ToArray();
        Assert.Equal(
            [("list", 3u), ("list[].a", 5u), ("list[].b", 6u), ("one.a", 5u), ("one.b", 6u)],
            places.Select(static place => (place.Path, place.Maximum)));
        foreach (XdrPlace place in places)
        {
            Assert.True(XdrDecoder.TryDecode(type, XdrEncoder.Encode(type, XdrPlaces.With(type, place, place.Maximum)), out _, out _), place.Path);
            Assert.False(
                XdrDecoder.TryDecode(type, XdrEncoder.Encode(type, XdrPlaces.With(type, place, place.Maximum + 1)), out _, out _), place.Path);
        }
    }

    [Theory]
    [InlineData("struct a { nothing b; };", "line 1: 'nothing' is no type")]
    [InlineData("\n\nconst A = B;", "line 3: 'B' is no number")]
    [InlineData("enum a { B = 1 }", "line 1: ';' is missing in front of ''")]
    [InlineData("int a;", "line 1: 'int' begins no definition")]
    [InlineData("/* no end", "line 1: a comment has no end")]
    public void What_is_not_of_the_language_is_said_with_its_line(string text, string what) =>
        Assert.Equal(what, Assert.Throws<FormatException>(() => Read(text)).Message);

    [Fact]
    public void Numbers_of_C_are_those_of_its_enumerations_and_macros()
    {
        XdrModule module = new();
        CHeader.Read(module, """
            # define SIZE (16) 
            #define TEXT "16"
            struct other { int field; };
            /** enum { IN_A_COMMENT = 1 }; */
            typedef enum {
                FIRST = 4, /* of
                              two lines */
                SECOND,
                MASK = 1 << 5,
                BEHIND,
            # ifdef ALL
                LAST = 9
            # endif
            } kind;
            enum named { THIRD };
            """);
        Assert.Equal(
            [("FIRST", 4L), ("LAST", 9L), ("SECOND", 5L), ("SIZE", 16L), ("THIRD", 0L)],
            module.Constants.Select(static pair => (pair.Key, pair.Value)).OrderBy(static pair => pair.Key, StringComparer.Ordinal));
    }

    private static XdrModule Read(string text)
    {
        XdrModule module = new();
        XdrParser.Read(module, text);
        return module;
    }

    private static string Encode(XdrModule module, string type, XdrNode node) => Convert.ToHexString(XdrEncoder.Encode(module.Types[type], node));
}
