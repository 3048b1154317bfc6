using System.Threading;

namespace Spindle.DBus.Tests;

/// <summary>The tests' own tool.</summary>
public sealed class TurningTests
{
    [Fact]
    public void A_program_that_a_test_runs_leaves_nothing_in_the_test_s_context()
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        CountingContext context = new();
        using Turning turning = new();
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            Assert.Equal("hello\n", turning.Run("echo", "hello"));
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        Assert.Equal(0, context.Uses);
    }

    private sealed class CountingContext : SynchronizationContext
    {
        private int uses;

        public int Uses => Volatile.Read(ref uses);

        public override void OperationStarted() => Interlocked.Increment(ref uses);

        public override void Post(SendOrPostCallback callback, object? state)
        {
            Interlocked.Increment(ref uses);
            base.Post(callback, state);
        }
    }
}
