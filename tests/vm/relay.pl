#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
#
# relay.pl DIR SECONDS QEMU-PID: the host's end of the three ports of init.sh.
# Copies CMD's bytes to stdout and stderr. init.sh reports the number of bytes; when
# all have arrived, relay.pl lets the VM end. When relay.pl ends, it ends QEMU as well.
# Writes one line to DIR/result: "done STATUS", "fail", "timeout", "pipe" (the reader
# of the output is gone) or "stuck"; there is no file if the VM ended by itself.
use strict;
use warnings;
use Errno qw(EAGAIN EINTR EPIPE EBADF);
use Fcntl;

my ($dir, $seconds, $qemu) = @ARGV;
my $grace = 30;    # from CMD's end to power off
my ($ended, $late, $finished) = (0, 0, 0);

# Opened for reading and writing, so that open does not block, and a writer that closes
# does not cause an end of file.
sub fifo {
	my $name = shift;
	sysopen(my $f, "$dir/$name", O_RDWR | O_NONBLOCK) or die "relay.pl: $dir/$name: $!\n";
	return $f;
}

sub result {
	open(my $f, '>', "$dir/result") or die "relay.pl: $dir/result: $!\n";
	print $f "@_\n";
	close($f) or die "relay.pl: $dir/result: $!\n";
}

sub quit {
	result(@_);
	kill('KILL', $qemu);
	exit 0;
}

sub late {
	$finished ? (warn("vm: the VM did not power off\n"), quit('stuck')) : quit('timeout');
}

$SIG{PIPE} = 'IGNORE';
$SIG{TERM} = sub { $ended = 1 };
$SIG{ALRM} = sub { $late = 1 };
alarm($seconds);

my %in = map { $_ => fifo($_) } qw(out err ctl.out);
my $back = fifo('ctl.in');
my %to = (out => \*STDOUT, err => \*STDERR);
my %count = (out => 0, err => 0);
my ($lines, $said) = ('', undef);

# Write all data, even to a pipe that another process made non-blocking.
sub put {
	my ($to, $data) = @_;
	my $off = 0;
	while ($off < length $data) {
		late() if $late;
		my $n = syswrite($to, $data, length($data) - $off, $off);
		if (defined $n) { $off += $n; next }
		next if $! == EINTR;
		return if $! == EBADF;    # closed from the start: as good as /dev/null
		quit('pipe') if $! == EPIPE;
		if ($! == EAGAIN) {
			my $w = '';
			vec($w, fileno($to), 1) = 1;
			select(undef, $w, undef, 1);
			next;
		}
		warn("vm: cannot write what CMD printed: $!\n");
		quit('fail');
	}
}

sub bye {
	$finished = 1;
	alarm($grace);
	syswrite($back, "bye\n");
}

# Read from a port and handle the data; false if there is none.
sub take {
	my $name = shift;
	my $n = sysread($in{$name}, my $data, 1 << 16);
	return 0 if !$n;
	if ($name ne 'ctl.out') {
		$count{$name} += $n;
		put($to{$name}, $data);
		return 1;
	}
	$lines .= $data;
	while ($lines =~ s/^(.*)\n//) {
		my $line = $1;
		if ($line =~ /^fail (.*)/) {
			put(\*STDERR, "vm: $1\n");
			result('fail');
			bye();
		} elsif ($line =~ /^done (\d+) (\d+) (\d+)$/) {
			$said = [$1, $2, $3];
		} else {
			warn("vm: the VM said '$line'\n");
			quit('fail');
		}
	}
	return 1;
}

for (;;) {
	late() if $late;
	my $r = '';
	vec($r, fileno($_), 1) = 1 for values %in;
	# The timeout is there because a signal just before select does not interrupt it.
	my $n = select($r, undef, undef, 0.5);
	my $got = 0;
	$got |= take($_) for grep { $n > 0 && vec($r, fileno($in{$_}), 1) } sort keys %in;
	if ($said && !$finished && $count{out} >= $said->[1] && $count{err} >= $said->[2]) {
		result("done $said->[0]");
		bye();
	}
	last if $ended && !$got;
}
