using Sepal.Cli.Framework;
using Sepal.Tests.Data;
using Xunit;

namespace Sepal.Tests.Cli.Training;

/// <summary><c>sepal train --teacher</c>.</summary>
public sealed class TeacherTrainTests(TeacherTrainTests.Taught taught) : IClassFixture<TeacherTrainTests.Taught>
{
    [Fact]
    public void A_teacher_that_knows_better_than_the_labels_is_followed()
    {
        // Half of the student's pictures are in the wrong folder, but the teacher has seen right ones.
        string alone = Train("alone", string.Empty);
        string student = Train("student", $" --teacher {taught.Teacher} --alpha 1 --temperature 2");

        double unaided = Accuracy(alone);
        double aided = Accuracy(student);
        Assert.InRange(aided, 0.95, 1);
        Assert.True(aided > unaided + 0.1, $"With a teacher {aided}, without {unaided}.");
    }

    [Fact]
    public void The_temperature_and_the_share_make_a_difference()
    {
        string[] options = ["--temperature 2", "--temperature 8", "--temperature 2 --alpha 0.4"];
        string[] models =
        [
            .. options.Select(option => Convert.ToHexString(File.ReadAllBytes(Path.Combine(
                Train($"with-{option.GetHashCode(StringComparison.Ordinal)}", $" --teacher {taught.Teacher} {option}", epochs: 1), "last.onnx")))),
        ];

        Assert.Distinct(models);
    }

    [Fact]
    public void A_run_with_a_teacher_goes_on_to_the_same_bits()
    {
        string run = Train("resumed", $" --teacher {taught.Teacher}");
        byte[] expected = File.ReadAllBytes(Path.Combine(run, "last.onnx"));
        Directory.Delete(Directory.GetDirectories(Path.Combine(run, "checkpoints")).Max(StringComparer.Ordinal)!, recursive: true);

        (int exitCode, _, string error) = CommandLine.Run($"train --resume --out {run}");
        Assert.Equal((ExitCodes.Done, string.Empty), (exitCode, error));
        Assert.Equal(expected, File.ReadAllBytes(Path.Combine(run, "last.onnx")));
        Fails($"train --resume --out {run} --alpha 0.5", "--alpha (was 0.9, now 0.5)");
    }

    [Theory]
    [InlineData("--data {d}/three --input 9x9x1 --teacher {t}", "expected one for images of 9x9x1; this one takes 8x8x1")]
    [InlineData("--data {d}/two --input 8x8x1 --teacher {t}", "expected one of the data's classes in their order (a, b); this one tells apart a, b, c")]
    [InlineData("--data {d}/three --input 8x8x1 --mean 0.5 --teacher {t}", "expected one for pictures prepared alike (grey, stretched to 8×8, bytes divided by 255, mean 0.5); this one's are: ")]
    [InlineData("--data {d}/three --teacher {d}/none.onnx", "none.onnx")]
    [InlineData("--data {d}/three --temperature 3", "--temperature: received '3'; expected --teacher too.")]
    [InlineData("--data {d}/three --alpha 0.3", "--alpha: received '0.3'; expected --teacher too.")]
    [InlineData("--data {d}/three --teacher {t} --alpha 1.5", "--alpha: received '1.5'; expected a number from 0 to 1")]
    [InlineData("--data {d}/three --teacher {t} --temperature 0", "--temperature: received '0'; expected a number above 0")]
    public void Mistakes_are_one_line(string options, string message)
    {
        string run = taught.Full($"mistaken-{options.GetHashCode(StringComparison.Ordinal)}");
        Fails(
            $"train --out {run} " + options.Replace("{d}", taught.Root, StringComparison.Ordinal).Replace("{t}", taught.Teacher, StringComparison.Ordinal),
            message);
        Assert.False(Directory.Exists(run));
    }

    private static void Fails(string arguments, string message)
    {
        (int exitCode, string output, string error) = CommandLine.Run(arguments);

        Assert.Contains(message, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Equal((ExitCodes.BadUsage, string.Empty), (exitCode, output));
    }

    private string Train(string name, string options, int epochs = 8)
    {
        string run = taught.Full(name);
        (int exitCode, _, string error) = CommandLine.Run(
            $"train --data {taught.Full("mixed")} --input 8x8x1 --epochs {epochs} --batch-size 16 --validation-split 0 --out {run}{options}");
        Assert.True(exitCode == ExitCodes.Done, error);
        return run;
    }

    private double Accuracy(string run)
    {
        (int exitCode, string output, string error) = CommandLine.Run($"evaluate {run}/model.onnx --data {taught.Full("three")} --format json");
        Assert.True(exitCode == ExitCodes.Done, error);
        using var json = System.Text.Json.JsonDocument.Parse(output);
        return json.RootElement.GetProperty("accuracy").GetDouble();
    }

    public sealed class Taught : IDisposable
    {
        private const int Classes = 3;
        private const int Each = 40;

        private readonly PictureFolder _folder = new();

        public Taught()
        {
            _folder.WriteClasses("three", Classes, Each);
            _folder.WriteClasses("two", 2, 6);
            for (int label = 0; label < Classes; label++)
            {
                for (int number = 0; number < Each; number++)
                {
                    int said = number % 2 == 0 ? label : (label + 1) % Classes;
                    _folder.WritePicture($"mixed/{(char)('a' + said)}/{label}-{number}.png", label, Classes, (label * 1000) + number + 500);
                }
            }

            (int exitCode, _, string error) = CommandLine.Run(
                $"train --data {Full("three")} --input 8x8x1 --epochs 8 --batch-size 16 --out {Full("teacher")}");
            Assert.True(exitCode == ExitCodes.Done, error);
        }

        public string Root => _folder.Root;

        public string Teacher => Full("teacher/model.onnx");

        public string Full(string path) => _folder.Full(path);

        public void Dispose() => _folder.Dispose();
    }
}
