using System;
using Spindle.Loop.Workers;

namespace Spindle.Loop.Tests.Workers;

/// <summary>Jobs that are used again: no garbage, and nothing of the one before in the one after.</summary>
public sealed class WorkerAllocationTests : WorkerPoolTest
{
    [Fact]
    public void Jobs_one_after_the_other_allocate_nothing()
    {
        WorkerPool pool = Pool(new() { Minimum = 1, Maximum = 1 });
        Action work = static () => { };
        Action<Exception?> told = Count;
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int job = 0; job < 50; job++)
            {
                int before = Completed;
                pool.Start(work, told);
                while (Completed == before)
                {
                    Loop.Iterate(mayBlock: true);
                }
            }
        }));
    }

    [Fact]
    public void A_job_does_not_inherit_what_the_one_before_has_thrown()
    {
        WorkerPool pool = Pool(new() { Minimum = 1, Maximum = 1 });
        Exception? first = null;
        pool.Start(static () => throw new InvalidOperationException("the first"), thrown => first = thrown);
        Finish(pool);
        Assert.IsType<InvalidOperationException>(first);
        pool.Start(static () => { }, Count, JobPriority.High);
        Finish(pool);
        Assert.Equal(1, Completed);
    }

    [Fact]
    public void What_a_job_was_about_is_let_go_when_it_is_over()
    {
        WorkerPool pool = Pool(new() { Minimum = 1, Maximum = 1 });
        WeakReference about = StartAbout(pool);
        Finish(pool);

        // Another job, so that nothing of the first is in a worker's hands.
        pool.Start(static () => { }, Count);
        Finish(pool);
        GC.Collect();
        Assert.False(about.IsAlive);
    }

    private WeakReference StartAbout(WorkerPool pool)
    {
        object about = new();
        pool.Start(() => GC.KeepAlive(about), thrown => Assert.Null(thrown));
        return new WeakReference(about);
    }
}
