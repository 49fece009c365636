using Sepal.Training;
using Sepal.Training.Checkpoints;
using Xunit;

namespace Sepal.Tests.Training.Checkpoints;

/// <summary>Damaged checkpoints, full disks and directories that cannot be written to.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    [Theory]
    [InlineData("model.onnx", "flip")]
    [InlineData("state.safetensors", "flip")]
    [InlineData("state.safetensors", "cut")]
    [InlineData("state.safetensors", "delete")]
    [InlineData("checkpoint.json", "flip")]
    [InlineData("checkpoint.json", "cut")]
    [InlineData("SHA256SUMS", "flip")]
    [InlineData("SHA256SUMS", "delete")]
    public void The_one_before_a_damaged_checkpoint_is_used_with_a_warning(string file, string damage)
    {
        Outcome expected = new CheckpointedRun { Epochs = 3 }.Run();
        new CheckpointedRun { Epochs = 2, Checkpoints = Options() }.Run();
        Damage(Path.Combine(_directory, "step-000000014", file), damage);

        var resumed = new CheckpointedRun { Epochs = 3, Checkpoints = Options(), Resume = true };
        Outcome.RequireSame(expected, resumed.Run());
        string warning = Assert.Single(resumed.Warnings);
        Assert.Contains("step-000000014' is damaged", warning, StringComparison.Ordinal);
        Assert.Contains("step-000000007", warning, StringComparison.Ordinal);

        // The damaged one was replaced on the way.
        var again = new CheckpointedRun { Epochs = 3, Checkpoints = Options(), Resume = true };
        Outcome.RequireSame(expected, again.Run());
        Assert.Empty(again.Warnings);
    }

    [Fact]
    public void Where_all_are_damaged_that_is_an_error()
    {
        new CheckpointedRun { Epochs = 2, Checkpoints = Options() }.Run();
        foreach (string path in Directory.GetDirectories(_directory))
        {
            Damage(Path.Combine(path, "state.safetensors"), "flip");
        }

        var resumed = new CheckpointedRun { Epochs = 3, Checkpoints = Options(), Resume = true };
        CheckpointException error = Assert.Throws<CheckpointException>(resumed.Run);
        Assert.Contains("All 2 checkpoints", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, resumed.Warnings.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(5000)]
    [InlineData(20_000)]
    public void A_full_disk_stops_the_run_and_leaves_the_last_good_checkpoint(int room)
    {
        Outcome expected = new CheckpointedRun().Run();
        int files = 0;
        var options = new CheckpointOptions
        {
            Directory = _directory,
            EverySteps = 5,
            CreateFile = path => ++files <= 8
                ? new FileStream(path, FileMode.CreateNew)
                : new FullDisk(new FileStream(path, FileMode.CreateNew), room),
        };
        CheckpointException error = Assert.Throws<CheckpointException>(new CheckpointedRun { Checkpoints = options }.Run);
        Assert.Contains("step-000000010' cannot be written", error.Message, StringComparison.Ordinal);
        Assert.Contains("No space left on device", error.Message, StringComparison.Ordinal);
        Assert.Contains("step-000000007'", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            ["step-000000005", "step-000000007"],
            Directory.GetDirectories(_directory).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
        Outcome.RequireSame(expected, new CheckpointedRun { Checkpoints = Options(), Resume = true }.Run());
    }

    [Fact]
    public void A_directory_that_cannot_be_made_is_refused_before_the_first_step()
    {
        Directory.CreateDirectory(_directory);
        string file = Path.Combine(_directory, "file");
        File.WriteAllText(file, string.Empty);
        int steps = 0;
        var run = new CheckpointedRun
        {
            Checkpoints = new CheckpointOptions { Directory = Path.Combine(file, "checkpoints") },
            AfterStep = _ => steps++,
        };
        CheckpointException error = Assert.Throws<CheckpointException>(run.Run);
        Assert.Contains("No checkpoints can be written to the directory", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, steps);
    }

    [Fact]
    public void What_a_killed_process_left_unfinished_is_removed_and_nothing_else()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "step-000000003.0123.tmp"));
        Directory.CreateDirectory(Path.Combine(_directory, "mine"));
        new CheckpointedRun { Epochs = 1, Checkpoints = Options() }.Run();
        Assert.Equal(
            ["mine", "step-000000007"],
            Directory.GetDirectories(_directory).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Settings_that_make_no_sense_are_refused()
    {
        Refused("Keep", new CheckpointOptions { Directory = _directory, Keep = 1 });
        Refused("EverySteps", new CheckpointOptions { Directory = _directory, EverySteps = 0 });
        Refused("directory", new CheckpointOptions { Directory = " " });
        Assert.Contains(
            "Resume",
            Assert.Throws<TrainingException>(new CheckpointedRun { Resume = true }.Run).Message,
            StringComparison.Ordinal);

        static void Refused(string name, CheckpointOptions options) => Assert.Contains(
            name, Assert.Throws<CheckpointException>(new CheckpointedRun { Checkpoints = options }.Run).Message, StringComparison.Ordinal);
    }

    private static void Damage(string path, string damage)
    {
        byte[] bytes = File.ReadAllBytes(path);
        switch (damage)
        {
            case "flip":
                bytes[bytes.Length / 2] ^= 1;
                File.WriteAllBytes(path, bytes);
                break;
            case "cut":
                File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
                break;
            default:
                File.Delete(path);
                break;
        }
    }

    private CheckpointOptions Options() => new() { Directory = _directory };

    /// <summary>A file on a disk with only so much room.</summary>
    private sealed class FullDisk(Stream inner, int room) : Stream
    {
        private int _room = room;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count)
        {
            if (count > _room)
            {
                throw new IOException("No space left on device");
            }

            _room -= count;
            inner.Write(buffer, offset, count);
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
