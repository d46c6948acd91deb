using System.Text;
using Tweedie.Platform;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

/// <summary>The calls of NCCL, with a stand-in for the library whose ranks are threads and whose devices are this process's memory. No GPU takes part.</summary>
[Collection(GlobalState.Name)]
public sealed class NcclTests : IDisposable
{
    private readonly FakeNccl _fake = new();
    private readonly TrainingFolder _one = new();
    private readonly TrainingFolder _two = new();

    public void Dispose()
    {
        _one.Dispose();
        _two.Dispose();
        _fake.Dispose();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Tensors_are_summed_and_broadcast_and_messages_gathered(int size)
    {
        var said = InRanks(size, rank =>
        {
            using var scope = NewDisposeScope();
            var (single, half, first) = (tensor([1f + rank, 2f]), tensor([0.5f, rank]).to(bfloat16), tensor([10f * (1 + rank)]));
            rank.Collective.Sum(single);
            rank.Collective.Sum(half);
            rank.Collective.Broadcast(first);
            rank.Collective.Barrier();
            var (brief, longer, empty) = (rank.Collective.Gather([(byte)rank]), rank.Collective.Gather(new byte[rank * 1000]), rank.Collective.Gather([]));
            return (Sums: single.data<float>().ToArray(), Halves: half.to(float32).data<float>().ToArray(), First: first.item<float>(),
                Brief: brief.Select(bytes => bytes.Single()).ToArray(), Lengths: longer.Select(bytes => bytes.Length).ToArray(), Empty: empty.Sum(bytes => bytes.Length));
        });

        float[] ranks = [.. Enumerable.Range(0, size).Select(rank => (float)rank)];
        said.Should().AllSatisfy(one =>
        {
            one.Sums.Should().Equal(size + ranks.Sum(), 2f * size);
            one.Halves.Should().Equal(0.5f * size, ranks.Sum());
            one.First.Should().Be(10);
            one.Brief.Should().Equal(ranks.Select(rank => (byte)rank));
            one.Lengths.Should().Equal(ranks.Select(rank => (int)rank * 1000));
            one.Empty.Should().Be(0);
        });
        _fake.Calls("ncclCommDestroy").Should().Be(size);
        _fake.Calls("ncclCommAbort").Should().Be(0);
        _fake.Calls("cuCtxPopCurrent").Should().Be(_fake.Calls("cuCtxPushCurrent"));
        _fake.Calls("cuDevicePrimaryCtxRelease").Should().Be(size);
    }

    [Theory]
    [InlineData(Precision.F32)]
    [InlineData(Precision.Bf16)]
    public void Two_processes_train_to_the_weights_that_other_collectives_give(Precision gradients)
    {
        var run = ParallelRuns.Classifier.With(training => training with { GradientPrecision = gradients });
        var identity = _fake.Library.NewIdentity();
        if (gradients == Precision.F32)
            _one.Train(run.With(training => training with { Accumulation = 2 }));
        else
            _one.Train(2, run);

        _two.Train(2, run, connect: rank => _fake.Join(rank, 2, identity));

        foreach (var (file, bytes) in _two.Weights())
            bytes.AsSpan().SequenceEqual(_one.Weights()[file]).Should().BeTrue(file);
    }

    [Fact]
    public void The_version_names_what_connects()
    {
        using var alone = _fake.Join(0, 1, _fake.Library.NewIdentity());

        alone.Name.Should().Be("NCCL 2.14.3");
    }

    [Theory]
    [InlineData("ncclAllReduce", 5, "NCCL: ncclAllReduce failed: invalid usage; NCCL_DEBUG=WARN shows more.")]
    [InlineData("asynchronous error", 6, "NCCL: ncclAllReduce failed: remote process exited; NCCL_DEBUG=WARN shows more.")]
    [InlineData("cuStreamQuery", 719, "CUDA: cuStreamQuery failed: unspecified launch failure.")]
    [InlineData("cuStreamQuery", 700, "CUDA: cuStreamQuery failed: error 700.")]
    public void An_error_is_one_line_and_ends_the_connection(string function, int code, string message)
    {
        using var alone = _fake.Join(0, 1, _fake.Library.NewIdentity());
        using var numbers = ones(3);
        _fake.Fail(function, code);

        FluentActions.Invoking(() => alone.Sum(numbers)).Should().Throw<TweedieException>().WithMessage(message).Which.Kind.Should().Be(FaultKind.Resources);

        _fake.Calls("ncclCommAbort").Should().Be(1);
        alone.Dispose();
        _fake.Calls("ncclCommFinalize").Should().Be(0, "nothing is left to leave");
    }

    [Theory]
    [InlineData("ncclGetVersion", "NCCL: ncclGetVersion failed: *")]
    [InlineData("ncclCommInitRankConfig", "NCCL: ncclCommInitRankConfig failed: *")]
    [InlineData("cuInit", "CUDA: cuInit failed: error 5.")]
    public void A_start_that_fails_is_one_line(string function, string message)
    {
        var identity = _fake.Library.NewIdentity();
        _fake.Fail(function, 5);

        FluentActions.Invoking(() => _fake.Join(0, 1, identity)).Should().Throw<TweedieException>().WithMessage(message);
    }

    [Fact]
    public void A_process_does_not_wait_for_one_that_never_comes()
    {
        FluentActions.Invoking(() => _fake.Join(0, 2, _fake.Library.NewIdentity(), seconds: 0.2)).Should().Throw<TweedieException>().WithMessage("this process has waited 0 s for the others*");

        _fake.Calls("ncclCommAbort").Should().Be(1);
    }

    [Fact]
    public void A_process_that_hangs_ends_the_wait_of_another_and_that_ends_it_too()
    {
        var identity = _fake.Library.NewIdentity();
        using var hangs = new ManualResetEventSlim();
        string[] errors = InThreads(2, rank =>
        {
            using var scope = NewDisposeScope();
            using var nccl = _fake.Join(rank, 2, identity, seconds: rank == 0 ? 0.2 : 60);
            if (rank == 1)
                hangs.Wait(TestContext.Current.CancellationToken);
            try
            {
                nccl.Sum(ones(5));
                return "";
            }
            catch (TweedieException error)
            {
                hangs.Set();
                return error.Message;
            }
        });

        errors[0].Should().StartWith("this process has waited 0 s for the others");
        errors[1].Should().Be("NCCL: ncclAllReduce failed: remote process exited; NCCL_DEBUG=WARN shows more.");
    }

    [Fact]
    public void Processes_that_mpirun_has_started_send_each_other_where_to_meet()
    {
        var alone = new SingleProcess();

        using var joined = Nccl.Join(_fake.Library, _fake.Device(0), CPU, TimeSpan.FromSeconds(60), alone);

        (joined.Rank, joined.Size).Should().Be((0, 1));
    }

    [Theory]
    [InlineData("node7", "29500", "node7:29501")]
    [InlineData("fe80::1", "29500", "[fe80::1]:29501")]
    public void Processes_that_torchrun_has_started_meet_at_the_port_after_its_own(string host, string port, string address)
    {
        using var _ = new Variables(("RANK", "0"), ("WORLD_SIZE", "1"), ("MASTER_ADDR", host), ("MASTER_PORT", port));

        using var joined = Nccl.Join(_fake.Library, _fake.Device(0), CPU, TimeSpan.FromSeconds(60), connected: null);

        (joined.Rank, joined.Size).Should().Be((0, 1));
        Encoding.ASCII.GetString(_fake.Library.NewIdentity()).TrimEnd('\0').Should().Be(address, "the library reads the C library's environment");
    }

    [Theory]
    [InlineData("RANK", "2", "RANK = '2' in the environment: must be a number from 0 to 1*")]
    [InlineData("WORLD_SIZE", "two", "WORLD_SIZE = 'two' in the environment: must be a number from 1 to *")]
    [InlineData("MASTER_PORT", "65535", "MASTER_PORT = '65535' in the environment: must be a number from 1 to 65534*")]
    public void An_environment_that_torchrun_would_not_make_is_named(string name, string value, string message)
    {
        using var _ = new Variables([.. new[] { ("RANK", "1"), ("WORLD_SIZE", "2"), ("MASTER_ADDR", "localhost"), ("MASTER_PORT", "29500") }
            .Select(pair => pair.Item1 == name ? (name, value) : pair)]);

        FluentActions.Invoking(() => Nccl.Join(_fake.Library, _fake.Device(0), CPU, TimeSpan.FromSeconds(60), connected: null)).Should().Throw<TweedieException>().WithMessage(message);
    }

    [Fact]
    public void Only_several_processes_are_started_by_torchrun()
    {
        Nccl.IsStarted.Should().BeFalse();
        using (new Variables(("RANK", "0"), ("WORLD_SIZE", "1"), ("MASTER_ADDR", "localhost"), ("MASTER_PORT", "29500")))
            Nccl.IsStarted.Should().BeFalse();
        using (new Variables(("RANK", "0"), ("WORLD_SIZE", "2"), ("MASTER_ADDR", "localhost"), ("MASTER_PORT", "29500"), ("LOCAL_RANK", "3")))
            (Nccl.IsStarted, Nccl.LocalRank).Should().Be((true, 3));
    }

    [Fact]
    public void Without_the_library_or_a_GPU_a_line_says_what_to_do()
    {
        FluentActions.Invoking(() => NcclLibrary.Load(["libno-such-nccl.so"])).Should().Throw<TweedieException>()
            .WithMessage("NCCL's library (libno-such-nccl.so) cannot be loaded; install it (from NVIDIA's package source: apt-get install libnccl2), or start the training with mpirun and --collective mpi.");
        FluentActions.Invoking(() => new CudaContext(["libno-such-driver.so"], 0)).Should().Throw<TweedieException>()
            .WithMessage("CUDA's driver (libno-such-driver.so) cannot be loaded; install NVIDIA's driver, or train on the CPU.");
        FluentActions.Invoking(() => Nccl.Join(CPU, TimeSpan.FromSeconds(1))).Should().Throw<TweedieException>()
            .WithMessage("the device cpu: NCCL connects GPUs only; train on cuda, or start the processes with mpirun.");
    }

    private T[] InRanks<T>(int size, Func<Rank, T> work)
    {
        var identity = _fake.Library.NewIdentity();
        return InThreads(size, rank =>
        {
            using var nccl = _fake.Join(rank, size, identity);
            return work(new(rank, nccl));
        });
    }

    private static T[] InThreads<T>(int size, Func<int, T> work)
    {
        var tasks = Enumerable.Range(0, size).Select(rank => Task.Factory.StartNew(() => work(rank), TaskCreationOptions.LongRunning)).ToArray();
        return Task.WhenAll(tasks).GetAwaiter().GetResult();
    }

    private sealed record Rank(int Number, Nccl Collective)
    {
        public static implicit operator int(Rank rank) => rank.Number;
    }

    private sealed class Variables : IDisposable
    {
        private readonly (string Name, string Value)[] _values;

        public Variables(params (string Name, string Value)[] values)
        {
            _values = values;
            foreach (var (name, value) in values)
                Environment.SetEnvironmentVariable(name, value);
        }

        public void Dispose()
        {
            foreach (var (name, _) in _values)
                Environment.SetEnvironmentVariable(name, null);
        }
    }
}
