using System.Text;
using System.Threading;

namespace Spindle.DBus.Libdbus;

/// <summary>One try to connect to a bus and to be authenticated, on a thread of its own. The connection that it makes has
/// one owner at any time: the attempt, then whoever takes it; an abandoned attempt closes what nobody took.</summary>
internal sealed unsafe class ConnectAttempt(string address)
{
    // How long the connecting thread waits before it looks whether it is still wanted.
    private const int PatienceMilliseconds = 250;

    // A bus that has not authenticated us by then is handed to the loop as it is.
    private const int AuthenticationRoundsMax = 100;

    private nint made;
    private volatile bool isAbandoned;

    /// <summary>Why there is no connection; for people.</summary>
    public string Failure { get; private set; } = "";

    /// <summary>There is nobody to run it.</summary>
    public void Fail(string why) => Failure = why;

    /// <summary>The connecting thread: tries.</summary>
    public void Run()
    {
        nint opened = Open();
        if (opened == 0)
        {
            return;
        }

        Native.SetExitOnDisconnect(opened, 0);
        Authenticate(opened);
        Interlocked.Exchange(ref made, opened);
        if (isAbandoned)
        {
            Discard();
        }
    }

    /// <summary>The connection, which is the caller's from now on; 0: there is none, or somebody else had it.</summary>
    public nint Take() => Interlocked.Exchange(ref made, 0);

    /// <summary>Nobody will take what comes, or has come.</summary>
    public void Abandon()
    {
        isAbandoned = true;
        Discard();
    }

    private nint Open()
    {
        NativeError error;
        Native.ErrorInit(&error);
        nint opened;
        fixed (byte* text = Encoding.UTF8.GetBytes(address + '\0'))
        {
            opened = Native.OpenPrivate(text, &error);
        }

        Failure = opened == 0 ? error.Text : "";
        Native.ErrorFree(&error);
        return opened;
    }

    private void Authenticate(nint opened)
    {
        for (int round = 0; round < AuthenticationRoundsMax && !isAbandoned; round++)
        {
            if (Native.IsAuthenticated(opened) != 0 || Native.ReadWrite(opened, PatienceMilliseconds) == 0)
            {
                return;
            }
        }
    }

    // No loop has seen it: it has no watches, and may be closed on any thread.
    private void Discard()
    {
        nint opened = Take();
        if (opened != 0)
        {
            Native.Close(opened);
            Native.Unref(opened);
        }
    }
}
