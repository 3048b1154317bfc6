namespace Spindle.Loop.Tests;

/// <summary>A thread of a test: another one than the loop's, but never at the same time. Started, it runs as a whole while the loop waits,
/// or when it is joined.</summary>
internal sealed class Thread(System.Action body)
{
    private bool hasRun;

    public void Start() => Assert.True(TestKernel.Current.StartThread("test", Join).IsOk);

    public void Join()
    {
        if (!hasRun)
        {
            hasRun = true;
            System.Threading.Thread thread = new(() => body());
            thread.Start();
            thread.Join();
        }
    }
}
