using Sepal.Cli.Framework;
using Xunit;

namespace Sepal.Tests.Cli;

public class ProgressLineTests
{
    [Fact]
    public void Nothing_is_shown_where_there_is_no_terminal()
    {
        var error = new StringWriter();

        using (var progress = new ProgressLine(error, width: null))
        {
            progress.Show("epoch 1");
            Assert.False(progress.IsVisible);
        }

        Assert.Empty(error.ToString());
    }

    [Fact]
    public void A_terminal_shows_one_line_cut_to_its_width_and_cleared_at_the_end()
    {
        var error = new StringWriter();

        using (var progress = new ProgressLine(error, width: 8))
        {
            progress.Show("epoch 1 of 5");
        }

        Assert.Equal("\r\u001b[Kepoch 1\r\u001b[K", error.ToString());
    }
}
