using System.Buffers.Binary;
using Sepal.Cli.TensorBoard;
using Sepal.Cli.TensorBoard.Protocol;
using Sepal.Training;
using Xunit;

namespace Sepal.Tests.Cli.TensorBoard;

public sealed class EventFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory();

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Checksums_are_masked_Castagnoli()
    {
        // RFC 3720, B.4: 32 zero bytes have 8A9136AA; the mask by hand from there.
        Assert.Equal(unchecked(((0x8A9136AAu >> 15) | (0x8A9136AAu << 17)) + 0xA282EAD8u), TfRecord.MaskedChecksum(new byte[32]));
        Assert.Equal(unchecked(((0xE3069283u >> 15) | (0xE3069283u << 17)) + 0xA282EAD8u), TfRecord.MaskedChecksum("123456789"u8));
    }

    [Fact]
    public void Epochs_are_read_back()
    {
        using (var log = new TensorBoardLog(_directory.FullName))
        {
            for (int epoch = 1; epoch <= 2; epoch++)
            {
                log.OnEpochEnd(null!, new EpochResult
                {
                    Epoch = epoch,
                    Loss = 0.5 / epoch,
                    Metrics = new Dictionary<string, double> { ["accuracy"] = 0.25 * epoch },
                    ValidationLoss = 1.0 / epoch,
                    ValidationMetrics = new Dictionary<string, double> { ["accuracy"] = 0.125 * epoch },
                    LearningRate = 0.001,
                    Seconds = 3,
                });
            }
        }

        Event[] train = Read("train");
        Event[] validation = Read("validation");
        Assert.Equal("brain.Event:2", train[0].FileVersion);
        Assert.Equal([0, 1, 2], train.Select(entry => entry.Step));
        Assert.Equal(
            ["epoch_loss 0.25", "epoch_accuracy 0.5", "epoch_learning_rate 0.001", "epoch_seconds 3"],
            train[2].Summary.Value.Select(value => FormattableString.Invariant($"{value.Tag} {value.SimpleValue}")));
        Assert.Equal(["epoch_loss 1", "epoch_accuracy 0.125"], validation[1].Summary.Value.Select(value => FormattableString.Invariant($"{value.Tag} {value.SimpleValue}")));
        Assert.All(train, entry => Assert.InRange(DateTime.UnixEpoch.AddSeconds(entry.WallTime), DateTime.UtcNow.AddHours(-1), DateTime.UtcNow));
    }

    private Event[] Read(string run)
    {
        string path = Assert.Single(Directory.GetFiles(Path.Combine(_directory.FullName, run), "events.out.tfevents.*"));
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(path);
        var events = new List<Event>();
        while (!bytes.IsEmpty)
        {
            int length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            Assert.Equal(TfRecord.MaskedChecksum(bytes[..8]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]));
            ReadOnlySpan<byte> data = bytes.Slice(12, length);
            Assert.Equal(TfRecord.MaskedChecksum(data), BinaryPrimitives.ReadUInt32LittleEndian(bytes[(12 + length)..]));
            events.Add(Event.Parser.ParseFrom(data));
            bytes = bytes[(16 + length)..];
        }

        return [.. events];
    }
}
