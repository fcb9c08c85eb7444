"""What people see of personal data who need not see all of it: 张**, 138****0000."""
