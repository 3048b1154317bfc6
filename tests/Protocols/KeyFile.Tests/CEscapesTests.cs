namespace Spindle.Protocols.KeyFile.Tests;

/// <summary>Passphrases, as g_strescape and g_strcompress of GLib 2.74 treat them.</summary>
public sealed class CEscapesTests
{
    [Theory]
    [InlineData("a\"b\\c\n\t\r\b\f\v\u0001\u007Fé'?", "a\\\"b\\\\c\\n\\t\\r\\b\\f\\v\\001\\177\\303\\251'?")]
    [InlineData("", "")]
    [InlineData("secret word", "secret word")]
    [InlineData("\U0001F600", "\\360\\237\\230\\200")]
    public void Escaping_is_GLibs_and_is_undone(string plain, string escaped)
    {
        Assert.Equal(escaped, CEscapes.Escape(plain));
        Assert.True(CEscapes.TryUnescape(escaped, out string? back));
        Assert.Equal(plain, back);
    }

    [Theory]
    [InlineData("\\101\\1019\\x\\8", "AA9x8")]
    [InlineData("\\7x", "\ax")]
    public void Short_octal_and_unknown_escapes_read_as_in_GLib(string escaped, string plain)
    {
        Assert.True(CEscapes.TryUnescape(escaped, out string? text));
        Assert.Equal(plain, text);
    }

    [Theory]
    [InlineData("a\\")]
    [InlineData("\\377")]
    public void An_open_escape_or_broken_UTF8_is_refused(string escaped) =>
        Assert.False(CEscapes.TryUnescape(escaped, out _));
}
