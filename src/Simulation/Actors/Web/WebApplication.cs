using System;
using System.Text;
using Spindle.Simulation.Actors.Hosts;
using Spindle.Simulation.World;

namespace Spindle.Simulation.Actors.Web;

/// <summary>One connection to a <see cref="WebSite"/>: reads a head (RFC 9112), answers as the site's mood is.</summary>
internal sealed class WebApplication(WebSite site) : ITcpApplication
{
    private const int HeadMax = 8192;
    private const int DripsMax = 400;
    private const string Body = "<html><body>status</body></html>";
    private static readonly TimeSpan DripInterval = TimeSpan.FromSeconds(2);

    private readonly StringBuilder head = new();
    private bool isAnswered;
    private bool isOver;

    public void Opened(TcpConnection connection)
    {
        switch (site.Settings.Mood)
        {
            case WebMood.ClosesAtOnce:
                connection.Finish();
                break;
            case WebMood.ResetsAtOnce:
                connection.Abort();
                break;
        }
    }

    public void Received(TcpConnection connection, ReadOnlySpan<byte> octets)
    {
        if (isAnswered)
        {
            return;
        }

        head.Append(Encoding.Latin1.GetString(octets));
        string text = head.ToString();
        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0 && head.Length < HeadMax)
        {
            return;
        }

        isAnswered = true;
        site.Note(end < 0 ? text : text[..end]);
        Choices choices = site.Context.Choices;
        TimeSpan delay = choices.Between(site.Settings.DelayMin, site.Settings.DelayMax);
        After(delay, () => Answer(connection, site.Settings));
    }

    public void PeerFinished(TcpConnection connection) => connection.Finish();

    public void Closed(TcpConnection connection, bool isOrderly) => isOver = true;

    private void Answer(TcpConnection connection, WebSettings settings)
    {
        switch (settings.Mood)
        {
            case WebMood.HangsAfterConnection or WebMood.ClosesAtOnce or WebMood.ResetsAtOnce:
                break;
            case WebMood.ClosesInHead:
                Say(connection, "HTTP/1.1 200 O", true);
                break;
            case WebMood.ResetsInHead:
                Say(connection, "HTTP/1.1 200 O", false);
                connection.Abort();
                break;
            case WebMood.Garbage:
                byte[] garbage = new byte[2000];
                site.Context.Choices.Fill(garbage);
                connection.Send(garbage);
                connection.Finish();
                break;
            case WebMood.DripsGarbage:
                Drip(connection, "\u0001\u0002?\u00FF \u0000", 0);
                break;
            case WebMood.DripsHead:
                Drip(connection, "HTTP/1.1 200 OK\r\nX-ConnMan-Status: online\r\nContent-Length: 0\r\n\r\n", 0);
                break;
            case WebMood.EndlessHead:
                Flood(connection, "X-Filler: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n", "HTTP/1.1 200 OK\r\n");
                break;
            case WebMood.EndlessBody:
                Flood(connection, "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF", "HTTP/1.1 200 OK\r\nX-ConnMan-Status: online\r\n\r\n");
                break;
            case WebMood.OnlineInPieces:
                SayInPieces(connection, Plain(settings));
                break;
            default:
                Say(connection, Plain(settings), settings.Mood != WebMood.OnlineKeptOpen);
                break;
        }
    }

    private static string Plain(WebSettings settings) => settings.Mood switch
    {
        WebMood.PortalPage => Message("200 OK", "Content-Type: text/html\r\n"),
        WebMood.Redirect => Message("302 Found", $"Location: {settings.Location}\r\n"),
        WebMood.RedirectNowhere => Message("302 Found", ""),
        WebMood.LoginRequired => Message("511 Network Authentication Required", ""),
        WebMood.NoContent => "HTTP/1.1 204 No Content\r\n\r\n",
        WebMood.NotFound => Message("404 Not Found", ""),
        WebMood.ServerError => Message("500 Internal Server Error", ""),
        WebMood.NoStatusLine => Body,
        WebMood.TwoLengths => Message("200 OK", "X-ConnMan-Status: online\r\nContent-Length: 7\r\n"),
        WebMood.OnlineChunked =>
            "HTTP/1.1 200 OK\r\nX-ConnMan-Status: online\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n<html>\r\n7;x=y\r\n</html>\r\n0\r\n\r\n",
        WebMood.OnlineAfterContinue => "HTTP/1.1 100 Continue\r\n\r\n" + Message("200 OK", "X-ConnMan-Status: online\r\n"),
        _ => Message("200 OK", "X-ConnMan-Status: online\r\nContent-Type: text/html\r\n"),
    };

    private static string Message(string status, string fields) =>
        $"HTTP/1.1 {status}\r\nServer: actor\r\n{fields}Content-Length: {Body.Length}\r\n\r\n{Body}";

    private static void Say(TcpConnection connection, string text, bool isLast)
    {
        connection.Send(Encoding.Latin1.GetBytes(text));
        if (isLast)
        {
            connection.Finish();
        }
    }

    private void SayInPieces(TcpConnection connection, string text)
    {
        int count = Math.Min(text.Length, site.Context.Choices.Between(1, 9));
        Say(connection, text[..count], count == text.Length);
        if (count < text.Length)
        {
            After(TimeSpan.FromMilliseconds(3), () => SayInPieces(connection, text[count..]));
        }
    }

    private void Drip(TcpConnection connection, string text, int at)
    {
        Say(connection, text[at % text.Length].ToString(), at == DripsMax);
        if (at < DripsMax)
        {
            After(DripInterval, () => Drip(connection, text, at + 1));
        }
    }

    /// <summary>Never ends by itself: a quarter of a megabyte, then the peer is waited for.</summary>
    private void Flood(TcpConnection connection, string piece, string start)
    {
        StringBuilder text = new(start);
        while (text.Length < 1 << 18)
        {
            text.Append(piece);
        }

        Say(connection, text.ToString(), false);
    }

    private void After(TimeSpan delay, Action action) => site.Context.Clock.Set(site.Context.Clock.Now + delay, () =>
    {
        if (!isOver)
        {
            action();
        }
    });
}
