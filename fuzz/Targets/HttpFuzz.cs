using System;
using System.Text;
using Spindle.Protocols.Http;

namespace Spindle.Fuzz.Targets;

/// <summary>HTTP responses, whole and in pieces, and the addresses in them.</summary>
public static class HttpFuzz
{
    /// <summary>The target.</summary>
    public static FuzzTarget Target { get; } = new(
        "http",
        [
            Ascii("HTTP/1.1 200 OK\r\nX-ConnMan-Status: online\r\nContent-Length: 2\r\n\r\nok"),
            Ascii("HTTP/1.1 302 Found\r\nLocation: https://portal.example:8443/login?a=b#c\r\n\r\n<html>"),
            Ascii("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\nX-Folded: a\n b\n\n"),
            Ascii("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n5;a=b\r\nabcde\r\n0\r\nT: r\r\n\r\n"),
            Ascii("http://[2001:db8::1]:8080/a/b?c#d"),
            Ascii("//portal.example/login"),
        ],
        Run);

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    private static void Run(byte[] input)
    {
        ReadResponse(input);
        ReadAddress(Encoding.Latin1.GetString(input));
    }

    private static void ReadResponse(byte[] input)
    {
        HttpResponseParser whole = new();
        whole.Read(input);
        HttpResponseParser pieces = new();
        for (int at = 0; at < input.Length; at += 3)
        {
            pieces.Read(input.AsSpan(at, Math.Min(3, input.Length - at)));
        }

        Law(whole.State == pieces.State && whole.Head == pieces.Head, "pieces mean what the whole means");
        whole.End();
        Law(whole.State is HttpResponseState.Complete or HttpResponseState.NotHttp or HttpResponseState.BadHead,
            "after the end there is a result");
        if (whole.HasHead)
        {
            HttpUri.TryParse(OnlineCheckOptions.UrlDefaultV4, out HttpUri? page);
            OnlineVerdict verdict = OnlineVerdict.Of(page!, new(HttpFetchOutcome.Responded, whole.Head));
            bool isShown = HttpUri.TryParse(verdict.PortalUrl, out _) || verdict.PortalUrl.Length > HttpUri.LengthMax;
            Law((verdict.Kind == OnlineVerdictKind.Portal) == isShown,
                "a portal has an address that can be shown");
        }
    }

    private static void ReadAddress(string text)
    {
        if (HttpUri.TryParse(text, out HttpUri? uri))
        {
            string again = uri.ToString();
            Law(!again.AsSpan().ContainsAnyExceptInRange('!', '~'), "an address is visible ASCII");
            Law(HttpUri.TryParse(again, out HttpUri? same) ? same == uri : again.Length > HttpUri.LengthMax,
                "an address reads back as it was");
            _ = new HttpRequest(uri).Size;
        }

        HttpUri.TryParse("http://a.example/b/c?d", out HttpUri? page);
        page!.TryResolve(text, out _);
    }

    private static void Law(bool holds, string law)
    {
        if (!holds)
        {
            throw new InvalidOperationException(law);
        }
    }
}
